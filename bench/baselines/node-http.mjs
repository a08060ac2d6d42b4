import { createServer } from "node:http";

/** The floor: reads the body, answers, stores nothing. */
createServer((request, response) => {
  request.on("data", () => {});
  request.on("end", () => response.end("success"));
}).listen(Number(process.env.PORT), "127.0.0.1");

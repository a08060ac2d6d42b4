import express from "express";

/** What plain express costs that reads the body and stores nothing. */
const app = express();
app.use(express.raw({ type: () => true, limit: "64kb" }));
app.post("/wecom/callback", (_request, response) => void response.type("text/plain").send("success"));
app.get("/ready", (_request, response) => void response.json({ status: "ready" }));
app.listen(Number(process.env.PORT), "127.0.0.1");

import express from "express";
import { Redis } from "ioredis";

/** What a plain express service costs that stores each body with one Redis write before it answers. */
const redis = new Redis(process.env.REDIS_URL ?? "", { maxRetriesPerRequest: 1 });
const app = express();
app.use(express.raw({ type: () => true, limit: "64kb" }));
app.post("/wecom/callback", async (request, response) => {
  await redis.rpush("baseline", request.body);
  response.type("text/plain").send("success");
});
app.get("/ready", (_request, response) => void response.json({ status: "ready" }));
app.listen(Number(process.env.PORT), "127.0.0.1");

import { createWecomClient } from "@gateway/wecom-client";
import { Redis } from "ioredis";

/* Sends one message over TLS and prints what came of it. */
const [redisUrl = "", prefix = "", baseUrl = "", proxyUrl = ""] = process.argv.slice(2);
const redis = new Redis(redisUrl);
const client = createWecomClient({
  corpId: "ww1",
  agentId: "1000002",
  corpSecret: "the-secret",
  baseUrl,
  ...(proxyUrl === "" ? {} : { proxyUrl }),
  redis,
  prefix,
});
const outcome = await client
  .sendMessage({ to: { users: ["a"] }, msgtype: "text", text: { content: "x" } })
  .then(
    ({ msgId }) => `sent ${msgId}`,
    (error) => `${error.kind} ${error.code}`,
  );
process.stdout.write(`outcome ${outcome}\n`);
await client.close();
redis.disconnect();

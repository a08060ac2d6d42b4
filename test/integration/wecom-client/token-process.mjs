import { createWecomClient } from "@gateway/wecom-client";
import { Redis } from "ioredis";

/*
 * One process that needs a token: says that it is ready, waits for the starting gun (a key in Redis), makes
 * one call and prints what came of it.
 */
const [redisUrl = "", prefix = "", baseUrl = "", timeoutMs = "5000"] = process.argv.slice(2);
const redis = new Redis(redisUrl);
const client = createWecomClient({
  corpId: "ww1",
  agentId: "1000002",
  corpSecret: "the-secret",
  baseUrl,
  timeoutMs: Number(timeoutMs),
  redis,
  prefix,
});
await redis.incr(`${prefix}:ready`);
await redis.blpop(`${prefix}:go-${process.pid}`, 0);
const outcome = await client.getCallbackIps().then(
  () => "ok",
  (error) => `failed ${error.code}`,
);
process.stdout.write(`outcome ${outcome}\n`);
await client.close();
redis.disconnect();

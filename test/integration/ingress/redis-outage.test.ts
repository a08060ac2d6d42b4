import { sealEchostr } from "@gateway/wecom-client/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { PrivateRedis } from "../../support/redis.ts";
import { startPrivateRedis } from "../../support/redis.ts";
import { waitUntil } from "../../support/wait-until.ts";
import type { TestIngress } from "./harness.ts";
import {
  CALLBACK_PATH,
  createTestApp,
  createTextPush,
  keysOf,
  readMailbox,
  send,
  startIngress,
} from "./harness.ts";
import { openConnection } from "./raw-http.ts";

const app = createTestApp();
const prefix = "{outage}";
/** The real proportions, faster. */
const timing = { retryForMs: 700, retryEveryMs: 40, holdMs: 900 };

describe("while Redis does not take messages", () => {
  let redis: PrivateRedis;
  let ingress: TestIngress;
  beforeEach(async () => {
    redis = await startPrivateRedis();
    ingress = await startIngress({ apps: [app], redisUrl: redis.url, prefix, timing });
    await waitUntil("ingress is ready", async () => (await fetch(`${ingress.url}/ready`)).ok);
  });
  afterEach(async () => {
    redis.resume();
    await ingress.stop();
    await redis.stop();
  });
  const mailbox = () => readMailbox(redis.client(), prefix, app);

  /** Pushes on a raw connection; tells what came back and how long the connection was held. */
  async function pushRaw(msgId: string) {
    const push = createTextPush(app, { msgId });
    const { socket, closed } = await openConnection(ingress.port);
    const startedAt = performance.now();
    const length = Buffer.byteLength(push.body);
    socket.write(
      `POST ${push.path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n\r\n${push.body}`,
    );
    const answer = await closed;
    return { push, answer, heldMs: performance.now() - startedAt };
  }

  it.each([
    ["gone", () => redis.kill(), () => redis.restart()],
    ["frozen", async () => redis.pause(), async () => redis.resume()],
  ])(
    "(%s) holds the connection, closes it unanswered, and takes the push that follows",
    async (_how, take, giveBack) => {
      await take();
      const { push, answer, heldMs } = await pushRaw("1");
      expect(answer).toBe("");
      // Timers may fire a fraction of a millisecond early.
      expect(heldMs).toBeGreaterThan(timing.holdMs - 5);
      expect(ingress.observations.map(({ outcome }) => outcome.kind)).toEqual(["not_stored"]);

      await giveBack();
      await waitUntil("the push is taken", async () => (await send(ingress.url, push)).ok);
      expect(await mailbox()).toHaveLength(1);
    },
  );

  it("bridges an outage that is shorter than the budget without WeCom noticing", async () => {
    await ingress.stop();
    const patient = { retryForMs: 15_000, retryEveryMs: 40, holdMs: 20_000 };
    ingress = await startIngress({ apps: [app], redisUrl: redis.url, prefix, timing: patient });
    await waitUntil("ingress is ready", async () => (await fetch(`${ingress.url}/ready`)).ok);
    await redis.kill();
    const answer = send(ingress.url, createTextPush(app, { msgId: "2" }));
    await redis.restart();
    expect((await answer).status).toBe(200);
    expect(await mailbox()).toHaveLength(1);
  });

  it("is alive but not ready, and still proves its URL", async () => {
    await redis.kill();
    const health = await fetch(`${ingress.url}/health`);
    expect([health.status, await health.text()]).toEqual([200, '{"status":"ok"}']);
    const ready = await fetch(`${ingress.url}/ready`);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: "unavailable", reason: "redis_unreachable" },
    ]);
    const { query } = sealEchostr({ keys: keysOf(app), corpId: app.corpId, echostr: "1616140317555161061" });
    const echo = await fetch(`${ingress.url}${CALLBACK_PATH}?${new URLSearchParams(query)}`);
    expect(await echo.text()).toBe("1616140317555161061");

    await redis.restart();
    await waitUntil("ingress is ready again", async () => (await fetch(`${ingress.url}/ready`)).ok);
  });

  it("starts before Redis does and takes messages once it is there", async () => {
    await redis.kill();
    const early = await startIngress({ apps: [app], redisUrl: redis.url, prefix, timing });
    try {
      const push = createTextPush(app, { msgId: "4" });
      await expect(send(early.url, push)).rejects.toThrow();
      await redis.restart();
      await waitUntil("the push is taken", async () => (await send(early.url, push)).ok);
      expect(await mailbox()).toHaveLength(1);
    } finally {
      await early.stop();
    }
  });

  it("says so with a reason when Redis is frozen", async () => {
    redis.pause();
    const ready = await fetch(`${ingress.url}/ready`);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: "unavailable", reason: "redis_timeout" },
    ]);
  });

  it("never writes the message into the log", async () => {
    await redis.kill();
    const push = createTextPush(app, { msgId: "3", content: "PRIVATE" });
    await expect(send(ingress.url, push)).rejects.toThrow();
    expect(ingress.logLines().join("")).toContain("not_stored");
    expect(ingress.logLines().join("")).not.toContain("PRIVATE");
  });
});

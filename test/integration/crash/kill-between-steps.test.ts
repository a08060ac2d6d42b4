import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { CutPoint, FaultProxy } from "../../faults/fault-proxy.ts";
import { startFaultProxy } from "../../faults/fault-proxy.ts";
import type { ServiceHandle } from "../../support/service.ts";
import { createService } from "../../support/service.ts";
import type { Stack } from "../../support/stack.ts";
import { startStack } from "../../support/stack.ts";
import { waitUntil } from "../../support/wait-until.ts";

// Retires the risk that some moment exists at which kill -9 loses a message, or lets its reply be seen twice.
// Every step of one message is a request to Redis or to WeCom; a proxy stops the process exactly there.

let stack: Stack;
let redisProxy: FaultProxy;
let wecomProxy: FaultProxy;
let service: ServiceHandle | undefined;
let users = 0;

beforeAll(async () => {
  stack = await startStack({ workers: 0, ingress: 0, env: { WORKER_DEAD_AFTER_SECONDS: "1" } });
  redisProxy = await startFaultProxy(stack.redis.port);
  wecomProxy = await startFaultProxy(Number(new URL(stack.emulatorUrl).port));
}, 120_000);
afterEach(() => service?.kill());
afterAll(async () => {
  await stack?.stop();
  await redisProxy?.close();
  await wecomProxy?.close();
});

const proxied = () => ({ REDIS_URL: `redis://127.0.0.1:${redisProxy.port}` });

/** A script call with a key of each of these kinds and, where given, this argument. */
const script =
  (...parts: string[]) =>
  (request: string) =>
    /evalsha|eval\r/i.test(request) && parts.every((part) => request.includes(part));

const sent = (user: string) => stack.emulator.seen({ app: "main", user });

async function untilAnswered(user: string, logs: () => string) {
  await waitUntil(`${user} is answered`, () => sent(user).length > 0 || undefined, {
    timeoutMs: 60_000,
    describe: logs,
  });
}

describe("kill -9 of a worker", () => {
  const redisPoints: [string, CutPoint["match"]][] = [
    ["the wake-up of the turn", script(":turns:", "keepLastIfActive")],
    ["the claim", script(":turns:", ":mailbox:", ":pending-turns", ":lock")],
    ["the commit", script(":turns:", ":mailbox:", ":outbox:", ":transcript:")],
    ["the mark before a send", script(":deliver:", ":lock", ":reply:re-")],
    ["the record of a send", script(":deliver:", ":lock", ":reply:re-", "sent")],
    ["the end of the reply", script(":deliver:", ":outbox:", ":reply:re-", ":pending-deliveries")],
  ];
  const points = redisPoints.flatMap(([name, match]) =>
    (["before", "after"] as const).map((when) => ({ name, when, match, proxy: () => redisProxy })),
  );
  const sends = (["before", "after"] as const).map((when) => ({
    name: "the send itself",
    when,
    match: (request: string) => request.includes("/message/send"),
    proxy: () => wecomProxy,
  }));

  it.each([...points, ...sends])(
    "$when $name: the reply arrives, once",
    async ({ proxy, match, when }) => {
      const user = `worker-${++users}`;
      const ingress = await createService({
        service: "ingress",
        portVariable: "WECOM_CALLBACK_PORT",
        env: stack.env,
      });
      await ingress.start();
      const worker = await createService({
        service: "worker",
        portVariable: "WORKER_HEALTH_PORT",
        env: { ...stack.env, ...proxied(), WECOM_API_BASE_URL: `http://127.0.0.1:${wecomProxy.port}` },
      });
      service = worker;
      await worker.start();
      const reached = proxy().cutAt({ match, when });
      const callbackUrl = `${ingress.url}/wecom/callback`;
      const push = await stack.emulator.pushText({ app: "main", user, text: "hello", callbackUrl });
      expect(push.status).toBe("acknowledged");
      await reached;
      await worker.kill("SIGKILL");

      const next = await createService({
        service: "worker",
        portVariable: "WORKER_HEALTH_PORT",
        env: stack.env,
      });
      service = next;
      await next.start();
      await untilAnswered(user, () => worker.logs() + next.logs());
      // WeCom pushes again although it was answered; the whole gateway has been restarted in between.
      await ingress.restart("SIGKILL");
      await stack.emulator.repeatPush(push.id, { callbackUrl });
      await stack.emulator.pushText({ app: "main", user, text: "last", callbackUrl });
      await waitUntil("the last message is answered", () => sent(user).length >= 2 || undefined, {
        timeoutMs: 60_000,
        describe: next.logs,
      });
      await ingress.kill();
      expect(sent(user)).toHaveLength(2);
    },
    180_000,
  );
});

describe("kill -9 of ingress", () => {
  const points = (["before", "after"] as const).flatMap((when) => [
    { name: "the message is stored", when, match: script(":seen:", ":mailbox:") },
    { name: "its job is added", when, match: script(":inbound:") },
  ]);

  it.each(points)(
    "$when $name: WeCom's next push is answered, once",
    async ({ match, when }) => {
      const user = `ingress-${++users}`;
      const worker = await createService({
        service: "worker",
        portVariable: "WORKER_HEALTH_PORT",
        env: stack.env,
      });
      service = worker;
      await worker.start();
      const ingress = await createService({
        service: "ingress",
        portVariable: "WECOM_CALLBACK_PORT",
        env: { ...stack.env, ...proxied() },
      });
      await ingress.start();
      const reached = redisProxy.cutAt({ match, when });
      const callbackUrl = `${ingress.url}/wecom/callback`;
      const pushed = stack.emulator.pushText({ app: "main", user, text: "hello", callbackUrl });
      await reached;
      await ingress.restart("SIGKILL");
      const push = await pushed;
      // The emulator gives up after three attempts, like WeCom; the person's message may then only be in Redis.
      if (push.status !== "acknowledged") await stack.emulator.repeatPush(push.id, { callbackUrl });
      await untilAnswered(user, () => ingress.logs() + worker.logs());
      await stack.emulator.pushText({ app: "main", user, text: "last", callbackUrl });
      await waitUntil("the last message is answered", () => sent(user).length >= 2 || undefined, {
        timeoutMs: 60_000,
        describe: worker.logs,
      });
      await ingress.kill();
      expect(sent(user)).toHaveLength(2);
    },
    180_000,
  );
});

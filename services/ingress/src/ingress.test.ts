import { once } from "node:events";
import { connect } from "node:net";
import { SIGNATURE_HEADER, signAgentBody, TIMESTAMP_HEADER } from "@gateway/conversation";
import { sealCallback, textMessageXml } from "@gateway/wecom-client/testing";
import { afterEach, describe, expect, it } from "@jest/globals";
import { systemClock } from "./clock.ts";
import { DEFAULT_ACK_TIMING } from "./http/receive-callback.ts";
import { DEFAULT_SERVER_LIMITS } from "./http/server.ts";
import type { Ingress, IngressDeps } from "./ingress.ts";
import { createIngress } from "./ingress.ts";
import type { Observation } from "./observation.ts";
import { appSettings, keysOf } from "./testing/app-settings.ts";
import { createManualClock } from "./testing/manual-clock.ts";
import { sayRaw } from "./testing/say-raw.ts";

const app = appSettings();
const started: Ingress[] = [];
afterEach(async () => {
  for (const ingress of started.splice(0)) await ingress.close();
});

async function start(overrides: Partial<IngressDeps> = {}) {
  const observations: Observation[] = [];
  const lines: unknown[] = [];
  const log =
    (level: string) =>
    (...line: unknown[]) =>
      void lines.push([level, ...line]);
  const ingress = createIngress({
    apps: [app],
    callbackPath: "/wecom/callback",
    maxSkewSeconds: 0,
    acceptor: { accept: async () => "accepted" },
    gatekeeper: { ask: async () => "denied" },
    ping: async () => "PONG",
    logger: { info: log("info"), warn: log("warn"), error: log("error") } as never,
    clock: systemClock,
    onOutcome: (observation) => observations.push(observation),
    ...overrides,
  });
  started.push(ingress);
  const port = await ingress.listen(0, "127.0.0.1");
  return { ingress, observations, lines, url: `http://127.0.0.1:${port}`, port };
}

function push(content = "hello", timestamp?: string) {
  const { corpId, agentId } = app;
  const message = textMessageXml({ corpId, agentId, userId: "zhangsan", msgId: "1", content });
  const { query, body } = sealCallback({
    ...{ keys: keysOf(app), corpId, agentId, message },
    ...(timestamp === undefined ? {} : { timestamp }),
  });
  return { path: `/wecom/callback?${new URLSearchParams(query)}`, init: { method: "POST", body } };
}
const send = (url: string, { path, init } = push()) => fetch(url + path, init);

/** A promise and its handle, to decide in the test when Redis answers. */
function pending<Value>() {
  let resolve: (value: Value) => void = () => {};
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

describe("the acknowledgement", () => {
  it("waits for the message to be stored", async () => {
    const stored = pending<"accepted">();
    const called = pending<void>();
    const { url } = await start({
      acceptor: {
        accept: () => {
          called.resolve();
          return stored.promise;
        },
      },
    });
    let answered = false;
    const answer = send(url).then((response) => {
      answered = true;
      return response;
    });
    await called.promise;
    expect(answered).toBe(false);
    stored.resolve("accepted");
    expect((await answer).status).toBe(200);
  });

  it("never comes when the message cannot be stored; the connection closes after the hold, not before", async () => {
    const clock = createManualClock();
    const { url, observations } = await start({
      clock,
      acceptor: { accept: () => Promise.reject(new Error("Connection is closed.")) },
    });
    let closed = false;
    const answer = send(url).catch(() => {
      closed = true;
    });
    while (clock.sleepers() === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(DEFAULT_ACK_TIMING.retryForMs);
    expect(observations[0]?.outcome).toMatchObject({ kind: "not_stored", code: "store_not_connected" });
    await clock.advance(DEFAULT_ACK_TIMING.holdMs - DEFAULT_ACK_TIMING.retryForMs - 1);
    expect(closed).toBe(false);
    await clock.advance(1);
    await answer;
    expect(closed).toBe(true);
  });

  it("is given up between 4 s and the 5 s that WeCom waits", () => {
    expect(DEFAULT_ACK_TIMING.holdMs).toBeGreaterThanOrEqual(4000);
    expect(DEFAULT_ACK_TIMING.holdMs).toBeLessThan(5000);
    expect(DEFAULT_ACK_TIMING.retryForMs).toBeLessThan(DEFAULT_ACK_TIMING.holdMs);
    expect(DEFAULT_SERVER_LIMITS.drainMs).toBeGreaterThan(DEFAULT_ACK_TIMING.holdMs);
  });

  it("treats a fault of its own like a store that failed, and logs its place without its text", async () => {
    const { url, observations, lines } = await start({
      timing: { retryForMs: 0, retryEveryMs: 1, holdMs: 0 },
      acceptor: {
        accept: () => {
          throw new TypeError("SECRET content");
        },
      },
    });
    await expect(send(url)).rejects.toThrow();
    expect(observations[0]?.outcome).toMatchObject({ kind: "not_stored", code: "unexpected_error" });
    expect(JSON.stringify(lines)).toContain("TypeError at ");
    expect(JSON.stringify(lines)).not.toContain("SECRET");
  });
});

describe("a machine whose clock is wrong", () => {
  const AHEAD_MS = 3600 * 1000;
  const wrongClock = { ...systemClock, now: () => Date.now() + AHEAD_MS };
  const now = String(Math.floor(Date.now() / 1000));

  it("takes what is new by the time that all share", async () => {
    const { url, observations } = await start({
      clock: wrongClock,
      maxSkewSeconds: 600,
      sharedTimeOf: (ownMs) => ownMs - AHEAD_MS,
    });
    expect((await send(url, push("hello", now))).status).toBe(200);
    expect(observations[0]?.outcome).toMatchObject({ kind: "accepted" });
  });

  it("takes the callback of an agent that is new by that time", async () => {
    const token = "t".repeat(32);
    const body = JSON.stringify({ type: "done", text: "hello" });
    const { url } = await start({
      clock: wrongClock,
      sharedTimeOf: (ownMs) => ownMs - AHEAD_MS,
      agents: {
        callbacks: { conversationOf: async () => "ww1:1:zhangsan", deliver: async () => "stored" },
        agentOf: () => ({ app: "main", key: "key" }),
        isOpen: () => true,
      },
    });
    const headers = { [TIMESTAMP_HEADER]: now, [SIGNATURE_HEADER]: signAgentBody("key", now, body) };
    const answer = await fetch(`${url}/agent/callback/${token}`, { method: "POST", headers, body });
    expect(answer.status).toBe(200);
  });

  it("says of what it drops how old it seems", async () => {
    const { url, lines } = await start({ clock: wrongClock, maxSkewSeconds: 600 });
    expect((await send(url, push("hello", now))).status).toBe(200);
    expect(lines).toEqual([
      [
        "warn",
        expect.objectContaining({ code: "stale", skewSeconds: expect.any(Number) }),
        expect.stringMatching(/signed, but 3[56]\d\d s old/),
      ],
    ]);
  });
});

describe("a drain", () => {
  it("finishes the request in flight, refuses new connections and reports not ready", async () => {
    const stored = pending<"accepted">();
    const called = pending<void>();
    const { ingress, url, port } = await start({
      acceptor: {
        accept: () => {
          called.resolve();
          return stored.promise;
        },
      },
    });
    const answer = send(url);
    await called.promise;
    let closed = false;
    const closing = ingress.close().then(() => {
      closed = true;
    });
    const refused = connect(port, "127.0.0.1");
    await once(refused, "error");
    expect(closed).toBe(false);
    stored.resolve("accepted");
    const response = await answer;
    expect([response.status, await response.text()]).toEqual([200, "success"]);
    await closing;
  });
});

describe("a push", () => {
  it("is taken however its target is written, past Express or through it", async () => {
    const { port, observations } = await start();
    const { path, init } = push();
    for (const target of [path, path.replace("?", "/?"), `http://gateway.example${path}`]) {
      const head = `POST ${target} HTTP/1.1\r\nHost: gateway\r\nContent-Length: ${Buffer.byteLength(init.body)}`;
      const request = Buffer.from(`${head}\r\n\r\n${init.body}`);
      const heard = await sayRaw(port, { parts: [request], end: "left open" });
      expect(heard).toMatch(/^HTTP\/1\.1 200 .*\r\n\r\nsuccess$/s);
    }
    expect(observations.map(({ outcome }) => outcome.kind)).toEqual(["accepted", "accepted", "accepted"]);
  });

  it("that meets a fault of ours is told so and logged, and the next one is taken", async () => {
    let isBroken = true;
    const onOutcome = () => {
      if (isBroken) throw new Error("a counter that cannot count");
    };
    const { url, lines } = await start({ onOutcome });
    const response = await send(url);
    expect([response.status, await response.text()]).toEqual([500, "Internal error.\n"]);
    expect(lines).toContainEqual(["error", { error: "Error" }, "request failed"]);
    isBroken = false;
    expect((await send(url)).status).toBe(200);
  });
});

describe("probes", () => {
  it("answer liveness without Redis and readiness with it", async () => {
    const { url } = await start({ ping: () => Promise.reject(new Error("redis://:password@host refused")) });
    const health = await fetch(`${url}/health`);
    expect([health.status, await health.text()]).toEqual([200, '{"status":"ok"}']);
    const ready = await fetch(`${url}/ready`);
    expect([ready.status, await ready.text()]).toEqual([
      503,
      '{"status":"unavailable","reason":"redis_unreachable"}',
    ]);
  });

  it("do not wait for a Redis that hangs", async () => {
    const clock = createManualClock();
    const { url } = await start({ clock, ping: () => new Promise(() => {}) });
    const ready = fetch(`${url}/ready`);
    while (clock.sleepers() === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(1000);
    expect(await (await ready).json()).toEqual({ status: "unavailable", reason: "redis_timeout" });
  });

  it("share one ping", async () => {
    const pong = pending<string>();
    let pings = 0;
    const { url } = await start({
      ping: () => {
        pings += 1;
        return pong.promise;
      },
    });
    const probes = Array.from({ length: 10 }, () => fetch(`${url}/ready`));
    // The liveness answers come behind the readiness probes on the same server.
    for (let i = 0; i < 10; i += 1) await fetch(`${url}/health`);
    pong.resolve("PONG");
    for (const probe of probes) expect((await probe).status).toBe(200);
    expect(pings).toBeLessThan(10);
  });
});

import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import type { TestIngress } from "./harness.ts";
import { createTestApp, createTextPush, send, startIngress } from "./harness.ts";
import type { RawConnection } from "./raw-http.ts";
import { openConnection } from "./raw-http.ts";

const app = createTestApp();
const limits = { headersTimeoutMs: 300, requestTimeoutMs: 500, timeoutCheckMs: 50, drainMs: 500 };

describe("slow clients", () => {
  let redis: TestRedis;
  let ingress: TestIngress;
  const timers: NodeJS.Timeout[] = [];
  beforeEach(async () => {
    redis = await startRedis();
    ingress = await startIngress({ apps: [app], redisUrl: redis.url, prefix: redis.prefix, limits });
  });
  afterEach(async () => {
    for (const timer of timers.splice(0)) clearInterval(timer);
    await ingress.stop();
    await redis.stop();
  });

  const dribble = (connection: RawConnection, chunk: string) => {
    timers.push(setInterval(() => connection.socket.write(chunk), 20));
  };

  it.each([
    ["dribbles headers for ever", "GET /health HTTP/1.1\r\n", "X-More: 1\r\n"],
    ["dribbles a body for ever", "", "x"],
    ["says nothing at all", undefined, undefined],
  ])("a client that %s is cut while others are served", async (_what, start, more) => {
    const push = createTextPush(app, { msgId: "1" });
    const slow = await Promise.all(Array.from({ length: 20 }, () => openConnection(ingress.port)));
    for (const connection of slow) {
      if (start !== undefined) {
        const body = `POST ${push.path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n`;
        connection.socket.write(start === "" ? body : start);
      }
      if (more !== undefined) dribble(connection, more);
    }
    const cut = Promise.all(slow.map(({ closed }) => closed)).then(() => "cut");
    let served = 0;
    while ((await Promise.race([cut, serve()])) !== "cut") served += 1;
    expect(served).toBeGreaterThan(0);
    expect(ingress.observations.filter(({ outcome }) => outcome.kind === "accepted")).toHaveLength(1);

    async function serve() {
      expect((await send(ingress.url, push)).status).toBe(200);
    }
  });

  it("does not let slow clients hold up a shutdown", async () => {
    const idle = await openConnection(ingress.port);
    const dribbling = await openConnection(ingress.port);
    dribbling.socket.write("GET /health HTTP/1.1\r\n");
    await ingress.stop();
    await Promise.all([idle.closed, dribbling.closed]);
  });
});

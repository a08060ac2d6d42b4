import { sealCallback, textMessageXml } from "@gateway/wecom-client/testing";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { systemClock } from "./clock.ts";
import type { Ingress } from "./ingress.ts";
import { createIngress } from "./ingress.ts";
import { appSettings, keysOf } from "./testing/app-settings.ts";
import type { GoodRequest } from "./testing/hostile-requests.ts";
import { hostileConnection } from "./testing/hostile-requests.ts";
import { responsesIn, sayRaw } from "./testing/say-raw.ts";

const app = appSettings();
const { corpId, agentId } = app;
const content = "原文 of this message";

/** What ingress, or Node before it, says to a request; 100 announces another answer. */
const STATUSES = [100, 200, 400, 401, 403, 404, 405, 408, 410, 413, 415, 417, 422, 429, 431, 503];

function goodRequest(msgId: number): GoodRequest {
  const message = textMessageXml({ corpId, agentId, userId: "zhangsan", msgId: String(msgId), content });
  const facts = { timestamp: "1700000000", nonce: String(msgId), random16: Buffer.alloc(16, 7) };
  const { query, body } = sealCallback({ keys: keysOf(app), corpId, agentId, message, ...facts });
  return { target: `/wecom/callback?${new URLSearchParams(query)}`, body };
}

describe("raw bytes on a socket", () => {
  let ingress: Ingress;
  let port: number;
  /** Of messages with one nonce: what was stored of them. */
  const stored = new Map<string, unknown[]>();
  beforeAll(async () => {
    ingress = createIngress({
      apps: [app],
      callbackPath: "/wecom/callback",
      maxSkewSeconds: 0,
      timing: { retryForMs: 0, retryEveryMs: 1, holdMs: 10 },
      acceptor: {
        accept: async ({ message }) => {
          const { msgId = "", content: said } = message as { msgId?: string; content?: string };
          if (Number(msgId) % 4 === 1) throw new Error("Redis is away.");
          stored.set(msgId, [...(stored.get(msgId) ?? []), said]);
          return "accepted";
        },
      },
      agents: {
        callbacks: { conversationOf: async () => undefined, deliver: async () => "gone" },
        agentOf: () => undefined,
        isOpen: () => true,
      },
      gatekeeper: { ask: async () => "denied" },
      ping: async () => "PONG",
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
      clock: systemClock,
      limits: {
        headersTimeoutMs: 200,
        requestTimeoutMs: 250,
        timeoutCheckMs: 20,
        keepAliveTimeoutMs: 20,
      },
    });
    port = await ingress.listen(0, "127.0.0.1");
  });
  afterAll(() => ingress.close());

  async function push({ target, body }: GoodRequest): Promise<boolean> {
    const answer = await fetch(`http://127.0.0.1:${port}${target}`, { method: "POST", body }).catch(
      () => undefined,
    );
    return answer?.status === 200 && (await answer.text()) === "success";
  }

  it("are answered or hung up on, whatever they are; nothing gets a 200 that is not stored; others are served", async () => {
    const connections = fc.array(hostileConnection(fc.nat(1e6).map(goodRequest)), {
      minLength: 1,
      maxLength: 8,
    });
    const open = new Set<Promise<unknown>>();
    await fc.assert(
      fc.asyncProperty(connections, async (hostile) => {
        stored.clear();
        const all = Promise.all(hostile.map((connection) => sayRaw(port, connection)));
        open.add(all);
        const heard = await all;
        open.delete(all);
        for (const [index, { parts }] of hostile.entries()) {
          const responses = responsesIn(heard[index] ?? "");
          for (const { status } of responses) expect(STATUSES).toContain(status);
          const said = Buffer.concat(parts).toString("latin1");
          const kept = [...said.matchAll(/nonce=(\d+)/g)].filter(([, nonce = ""]) => stored.has(nonce));
          const acknowledged = responses.filter(({ status, body }) => status === 200 && body === "success");
          expect(acknowledged.length).toBeLessThanOrEqual(kept.length);
        }
        expect(new Set([...stored.values()].flat().concat(content))).toEqual(new Set([content]));
        // With limits this short a busy machine may miss one; WeCom would push again, too.
        let isServed = false;
        for (let tries = 0; tries < 10 && !isServed; tries += 1) isServed = await push(goodRequest(0));
        expect(isServed).toBe(true);
      }),
    );
    // A property that is stopped for its time tells nothing of what hangs.
    await Promise.all(open);
  });
});

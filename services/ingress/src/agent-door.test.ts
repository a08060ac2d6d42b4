import { request } from "node:http";
import { SIGNATURE_HEADER, signAgentBody, signAgentCallback, TIMESTAMP_HEADER } from "@gateway/conversation";
import { afterEach, describe, expect, it } from "@jest/globals";
import { systemClock } from "./clock.ts";
import type { AgentCallbackDeps } from "./http/receive-agent-callback.ts";
import type { Ingress } from "./ingress.ts";
import { createIngress } from "./ingress.ts";
import type { Observation } from "./observation.ts";

// Retires the risk that strangers make the agents' door keep bodies, or write a log without end.

const [token, other] = ["t".repeat(32), "o".repeat(32)];
const key = "key of the agent";
const body = JSON.stringify({ type: "done", text: "42 is my salary" });
const started: Ingress[] = [];
afterEach(async () => {
  for (const ingress of started.splice(0)) await ingress.close();
});

async function start(overrides: Partial<AgentCallbackDeps> = {}) {
  const lines: { level: string; line: Record<string, unknown>; message: string }[] = [];
  const observations: Observation[] = [];
  const to = (level: string) => (line: Record<string, unknown>, message: string) =>
    void lines.push({ level, line, message });
  const ingress = createIngress({
    apps: [],
    callbackPath: "/wecom/callback",
    maxSkewSeconds: 0,
    acceptor: { accept: async () => "accepted" },
    gatekeeper: { ask: async () => "denied" },
    agents: {
      callbacks: {
        conversationOf: async (asked) => ([token, other].includes(asked) ? "ww1:2:zhangsan" : undefined),
        deliver: async () => "stored",
      },
      agentOf: () => ({ app: "sales", key }),
      isOpen: () => true,
      ...overrides,
    },
    ping: async () => "PONG",
    logger: { info: to("info"), warn: to("warn"), error: to("error") } as never,
    clock: systemClock,
    onOutcome: (observation) => observations.push(observation),
  });
  started.push(ingress);
  const port = await ingress.listen(0, "127.0.0.1");
  const post = async (place: string, signature: string, timestamp: string) => {
    const headers = { [SIGNATURE_HEADER]: signature, [TIMESTAMP_HEADER]: timestamp };
    const url = `http://127.0.0.1:${port}/agent/callback/${place}`;
    return (await fetch(url, { method: "POST", headers, body })).status;
  };
  return { port, lines, observations, post, ingress };
}

const now = () => String(Math.floor(Date.now() / 1000));

/** Promises a body and sends none of it. The status of the answer. */
function promiseBody(port: number, place: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { "content-length": 1024 * 1024 };
    const options = { port, host: "127.0.0.1", method: "POST", path: `/agent/callback/${place}`, headers };
    const asked = request(options, (response) => {
      resolve(response.statusCode ?? 0);
      asked.destroy();
    });
    asked.on("error", reject);
    asked.flushHeaders();
  });
}

describe("the door of agents that answer later", () => {
  it.each(["x", "u".repeat(32)])(
    "waits for no body under a token that nobody has been given (%s)",
    async (place) => {
      const { port } = await start();
      expect(await promiseBody(port, place)).toBe(410);
    },
  );

  it("waits for no body of an agent without a key, which nothing could be checked with", async () => {
    const { port } = await start({ agentOf: () => undefined });
    expect(await promiseBody(port, token)).toBe(503);
  });

  it("looks at nothing where no agent answers later, until one does", async () => {
    let open = false;
    let asked = 0;
    const conversationOf = async () => {
      asked += 1;
      return "ww1:2:zhangsan";
    };
    const callbacks = { conversationOf, deliver: async () => "stored" as const };
    const { port, post } = await start({ callbacks, isOpen: () => open });
    expect(await promiseBody(port, token)).toBe(503);
    expect(asked).toBe(0);
    open = true;
    expect(await post(token, signAgentBody(key, now(), body), now())).toBe(200);
  });

  it("takes a signature over the token for its own turn only", async () => {
    const { post } = await start();
    const at = now();
    expect(await post(token, signAgentCallback(key, at, token, body), at)).toBe(200);
    expect(await post(other, signAgentCallback(key, at, token, body), at)).toBe(401);
    expect(await post(other, signAgentCallback(key, at, token, body).replace("v2", "v1"), at)).toBe(401);
    expect(await post(other, signAgentBody(key, at, body), at)).toBe(200);
  });

  it("says whose answer it was, and neither the token nor the answer", async () => {
    const { post, lines } = await start();
    await post(token, signAgentBody(key, now(), body), now());
    await post(token, "v1=00", now());
    expect(lines).toMatchObject([
      { level: "info", line: { app: "sales", userId: "zhangsan", outcome: "stored" } },
      { level: "warn", line: { app: "sales", userId: "zhangsan", code: "agent_signature_invalid" } },
    ]);
    expect(JSON.stringify(lines)).not.toContain(token);
    expect(JSON.stringify(lines)).not.toContain("salary");
  });

  it("counts a flood of strangers instead of writing it", async () => {
    const { port, post, lines, observations, ingress } = await start();
    for (let count = 0; count < 60; count += 1) await promiseBody(port, "u".repeat(32));
    await post(token, signAgentBody(key, now(), body), now());
    await ingress.close();
    expect(observations).toHaveLength(61);
    expect(lines.length).toBeLessThan(40);
    expect(lines).toContainEqual({
      level: "warn",
      message: "requests not logged one by one",
      line: expect.objectContaining({ outcome: "rejected:turn_gone", count: 40 }),
    });
    expect(lines).toContainEqual(
      expect.objectContaining({ line: expect.objectContaining({ outcome: "stored" }) }),
    );
  });
});

import { afterAll, beforeAll, expect, it } from "@jest/globals";
import type { Stack } from "../../support/stack.ts";
import { startStack } from "../../support/stack.ts";
import { waitUntil } from "../../support/wait-until.ts";
import type { HttpAgent } from "../runners/http-agent.ts";
import { AGENT_KEY, startHttpAgent } from "../runners/http-agent.ts";
import { openConfig } from "./live-config.ts";

// Retires the risk that an agent that begins to answer later, while ingress runs, finds its door closed.

let stack: Stack;
let agent: HttpAgent;
beforeAll(async () => {
  agent = await startHttpAgent();
  stack = await startStack({ apps: ["main"], env: { TURN_QUIET_MS: "0" } });
});
afterAll(async () => {
  await stack?.stop();
  await agent?.stop();
});

it("an agent that answers later is heard from the moment that it is configured", async () => {
  const base = new URL(stack.callbackUrls[0] ?? "").origin;
  const knock = () => fetch(`${base}/agent/callback/${"x".repeat(32)}`, { method: "POST", body: "{}" });
  expect((await knock()).status).toBe(503);

  agent.behave(({ callbackUrl = "" }, response) => {
    response.writeHead(202).end();
    void agent.callBack(callbackUrl, { type: "done", text: "late, but here" });
  });
  const config = await openConfig(stack);
  const runner = { kind: "http", url: agent.url, api_key: AGENT_KEY, callback_url: base };
  await config.change((entries) => entries.map((entry) => ({ ...entry, runner })));
  expect((await knock()).status).toBe(410);
  await stack.emulator.pushText({ app: "main", user: "zhangsan", text: "hello" });
  const heard = () =>
    stack.emulator
      .seen({ app: "main", user: "zhangsan" })
      .some(({ content }) => content.kind === "text" && content.text === "late, but here");
  await waitUntil("the late answer is there", heard, { describe: () => stack.logs().slice(-5000) });
  expect(await waitUntil("the agent has its answer", () => agent.answers[0])).toBe(200);
}, 60_000);

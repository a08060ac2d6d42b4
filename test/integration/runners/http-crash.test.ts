import { conversationId, createKeys } from "@gateway/conversation";
import { afterEach, describe, expect, it } from "@jest/globals";
import type { Stack } from "../../support/stack.ts";
import { startStack } from "../../support/stack.ts";
import { waitUntil } from "../../support/wait-until.ts";
import type { HttpAgent } from "./http-agent.ts";
import { AGENT_KEY, startHttpAgent } from "./http-agent.ts";

// Retires the risk that an agent's late answer finds nobody, or is told twice.

const LIMIT_MS = 150_000;

describe("an agent that answers later, and a worker that is killed meanwhile", () => {
  let stack: Stack | undefined;
  let agent: HttpAgent | undefined;
  afterEach(async () => {
    await stack?.stop();
    await agent?.stop();
  });

  it(
    "is answered for once, by the worker that comes next; the agent gets the message once",
    async () => {
      const started = await startHttpAgent();
      agent = started;
      const env = {
        AGENT_RUNNER: "http",
        AGENT_URL: started.url,
        AGENT_API_KEY: AGENT_KEY,
        // The agent is given the true one below: ingress has its port when it runs.
        AGENT_CALLBACK_URL: "http://ingress",
        TURN_QUIET_MS: "0",
        WORKER_DEAD_AFTER_SECONDS: "2",
      };
      const running = await startStack({ env });
      stack = running;
      started.behave((_turn, response) => void response.writeHead(202).end());

      await running.emulator.pushText({ app: "main", user: "anna", text: "how many?" });
      await waitUntil("the agent has it", () => started.turns.length === 1, { describe: running.logs });
      const [turn] = started.turns;
      const [worker] = running.workers;
      const { corpId = "", agentId = "" } = running.apps[0] ?? {};
      const conversation = conversationId({ corpId, agentId, userId: "anna" });
      const redis = running.redis.client();
      await waitUntil("the worker knows that it is accepted", async () => {
        const stored = await redis.hget(createKeys(running.prefix).checkpoint(conversation), "run");
        return stored?.includes('"accepted":true');
      });
      await worker?.kill();
      const url = (turn?.callbackUrl ?? "").replace("http://ingress", running.ingress[0]?.url ?? "");
      const answered = await started.callBack(url, { type: "done", text: "forty-two" });
      expect(answered.status).toBe(200);
      await worker?.start();

      const texts = () =>
        running.emulator.sent({ user: "anna" }).map(({ content }) => JSON.stringify(content));
      const heard = () => texts().filter((text) => text.includes("forty-two"));
      await waitUntil("anna has the answer", () => heard().length > 0, {
        timeoutMs: LIMIT_MS,
        describe: running.logs,
      });
      expect(started.turns).toHaveLength(1);
      expect(heard()).toHaveLength(1);
    },
    LIMIT_MS,
  );
});

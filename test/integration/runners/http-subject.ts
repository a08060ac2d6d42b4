import { createAgentCallbacks, createKeys } from "@gateway/conversation";
import { pino } from "pino";
import { createCallbackWaiter } from "../../../services/worker/src/runners/http/callback-waiter.ts";
import { createHttpRunner } from "../../../services/worker/src/runners/http/http-runner.ts";
import type { AgentRunner, TurnIO } from "../../../services/worker/src/runners/runner.ts";
import { startRedis } from "../../support/redis.ts";
import { startIngressForAgents } from "./agent-ingress.ts";
import type { Act, Subject } from "./contract/subject.ts";
import { AGENT_KEY, startHttpAgent } from "./http-agent.ts";

/** The runner "http" with its agent, and with ingress where the agent answers later. */
export async function startHttp(options: {
  readonly later: boolean;
  readonly cannot: readonly Act["do"][];
}): Promise<Subject> {
  const server = await startRedis();
  const keys = createKeys(server.prefix);
  const redis = server.client();
  const callbacks = createAgentCallbacks({ redis, keys });
  const agent = await startHttpAgent();
  const ingress = options.later ? await startIngressForAgents(callbacks, AGENT_KEY) : undefined;
  const lines: string[] = [];
  const logger = pino({ level: "debug" }, { write: (line) => void lines.push(line) });
  const create = (url: string, timeoutMs = 60_000) =>
    createHttpRunner(
      {
        ...{ kind: "http", url, apiKey: AGENT_KEY, timeoutMs },
        ...(ingress === undefined ? {} : { callbackUrl: ingress.url }),
      },
      {
        logger,
        mediaDirs: [],
        callbacks: createCallbackWaiter({ callbacks, subscriber: server.client(), keys }),
      },
    );
  /** The texts of which the runner knows that the agent will answer them later. */
  const accepted: string[] = [];
  const watched = (runner: AgentRunner): AgentRunner => ({
    ...runner,
    run: (turn, io) => {
      const checkpoint: TurnIO["checkpoint"] = async (given) => {
        await io.checkpoint(given);
        if (given.run?.accepted === true) accepted.push(turn.text);
      };
      return runner.run(turn, { ...io, checkpoint });
    },
  });
  const isGiven = (text: string) => ingress === undefined || accepted.includes(text);
  return {
    runner: ({ timeoutMs } = {}) => watched(create(agent.url, timeoutMs)),
    broken: () => create("http://127.0.0.1:9/turns"),
    say: (act, id) => (options.cannot.includes(act.do) ? undefined : `${JSON.stringify({ ...act, id })}\n`),
    given: async (id) =>
      agent.turns.flatMap(({ text }) => (text.includes(id) && isGiven(text) ? [text] : [])),
    release: async (id) => agent.release(id),
    left: async () => agent.open.size,
    secrets: [AGENT_KEY],
    logs: () => lines.join(""),
    async stop() {
      await agent.stop();
      await ingress?.stop();
      await server.stop();
    },
  };
}

import type { RunnerConfig } from "@gateway/service-kit";
import type { Logger } from "pino";
import type { AgentRunner, Probe } from "../runner.ts";
import { wecomHint } from "../wecom-hint.ts";
import { AgentFault } from "./agent-fault.ts";
import type { CallbackWaiter } from "./callback-waiter.ts";
import { cancelRun } from "./cancel-run.ts";
import { requestAgent } from "./request.ts";
import { readState } from "./run-state.ts";
import { runTurn } from "./run-turn.ts";

type HttpConfig = Extract<RunnerConfig, { kind: "http" }>;

const PROBE_TIMEOUT_MS = 10_000;

/**
 * An agent behind an address that turns are posted to. It answers in the response, as a stream, or later by a
 * callback; such a run outlives this process, and the worker that gets the turn next waits for the same answer.
 */
export function createHttpRunner(
  config: HttpConfig,
  deps: {
    readonly logger: Pick<Logger, "warn">;
    readonly mediaDirs: readonly string[];
    readonly callbacks: CallbackWaiter;
    readonly now?: () => number;
  },
): AgentRunner {
  const { logger, callbacks, now = Date.now } = deps;
  const kept = new Set<Promise<void>>();
  const keep = (work: Promise<void>) => {
    kept.add(work);
    void work.finally(() => kept.delete(work));
  };
  const instructions = wecomHint({ mediaDirs: deps.mediaDirs, instructions: config.instructions });
  return {
    kind: "http",
    ...(config.callbackUrl === undefined ? {} : { reattaches: true }),
    probe: () => probeAgent(config),
    run: (turn, io) => runTurn({ turn, io, config, callbacks, instructions, logger, now, keep }),
    async abandon({ id, checkpoint }) {
      const state = readState(checkpoint);
      if (state !== undefined) await cancelRun(config, id, state, callbacks);
    },
    // Runs end by their signal; what the agent has accepted goes on there.
    shutdown: async () => void (await Promise.all(kept)),
  };
}

/** Any answer will do: few agents have something to say to a question that is not a turn. */
async function probeAgent(config: HttpConfig): Promise<Probe> {
  try {
    const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
    const response = await requestAgent({ url: config.url }, { method: "OPTIONS", signal });
    response.destroy();
    return { ok: true };
  } catch (error) {
    const why = error instanceof AgentFault ? error.message : "The agent did not answer within 10 s.";
    return { ok: false, problem: `${why} Turns are posted to the url of the runner "http".` };
  }
}

import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { Logger } from "pino";
import type { AgentRunner, Turn, TurnIO, TurnResult } from "../runner.ts";
import { wecomHint } from "../wecom-hint.ts";
import { collectAdditions } from "./additions.ts";
import { ModelError } from "./ask-patiently.ts";
import { createContext } from "./context.ts";
import type { Deadline } from "./deadline.ts";
import { startDeadline } from "./deadline.ts";
import { createGuardedFetch } from "./guarded-fetch.ts";
import { openJournal, readTurnInput } from "./journal.ts";
import { inputMessage } from "./messages.ts";
import { probeModel } from "./probe-model.ts";
import type { OpenaiConfig } from "./run.ts";
import { runTurn } from "./run-turn.ts";
import { countTokens } from "./tokens.ts";
import type { ToolBox } from "./tools/tool-box.ts";
import { openToolBox } from "./tools/tool-box.ts";
import { createToolServer } from "./tools/tool-server.ts";
import { untilAborted } from "./until-aborted.ts";

interface Deps {
  readonly logger: Logger;
  /** What tool servers may be passed named variables of. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly mediaDirs: readonly string[];
  /** Before the second try of a call of the model; for tests. */
  readonly pauseMs?: number;
}

/**
 * The built-in agent: a model behind any endpoint like OpenAI's, with tools of MCP servers. It has no memory but the
 * gateway's transcript. What it has done in a turn is durable step by step: a further attempt goes on from there, makes
 * no call twice, and finds an approval that was given meanwhile.
 */
export function createOpenaiRunner(config: OpenaiConfig, deps: Deps): AgentRunner {
  const guarded = createGuardedFetch(config);
  const provider = createOpenAICompatible({
    name: "openai",
    baseURL: config.url,
    ...(config.apiKey === undefined ? {} : { apiKey: config.apiKey }),
    fetch: guarded.fetch,
  });
  const model = provider.chatModel(config.model);
  const servers = config.mcpServers.map((server) => createToolServer(server, deps));
  /** One for each run: of signals that are made of a long-lived one, something stays with that (Node 20). */
  const running = new Set<AbortController>();
  let isDown = false;

  const begin = async (turn: Turn, io: TurnIO, signal: AbortSignal, deadline: Deadline) => {
    const journal = openJournal(turn, io);
    const { text, missed, known } = readTurnInput(turn, journal);
    const additions = collectAdditions(io, known);
    for (const one of missed) await journal.add({ type: "added", text: one });
    const box = await untilAborted(openToolBox(servers, deps.logger), signal);
    const system = systemPrompt(config, deps.mediaDirs, box);
    const input = await inputMessage(text, turn.attachments, config.images);
    const fixedTokens = countTokens(system) + countTokens(JSON.stringify(box.declared));
    const limitTokens = config.contextTokens;
    const context = createContext(await turn.history(), journal, { input, limitTokens, fixedTokens });
    const parts = { config, model, turn, io, signal, deadline, journal, box, context, system };
    return runTurn(deps.pauseMs === undefined ? parts : { ...parts, pauseMs: deps.pauseMs }, additions);
  };

  return {
    kind: "openai",
    probe: () => probeModel(model, servers),
    async run(turn, io) {
      const deadline = startDeadline(config.timeoutMs);
      const own = new AbortController();
      running.add(own);
      if (isDown) own.abort("shutdown");
      const signal = AbortSignal.any([io.signal, own.signal, deadline.signal]);
      try {
        signal.throwIfAborted();
        return await begin(turn, io, signal, deadline);
      } catch (error) {
        if (io.signal.aborted || own.signal.aborted) return { status: "cancelled" };
        if (deadline.signal.aborted) return timedOut(config);
        return failed(error, turn, deps.logger);
      } finally {
        running.delete(own);
        deadline.stop();
      }
    },
    async shutdown() {
      isDown = true;
      for (const run of running) run.abort("shutdown");
      await Promise.all(servers.map((server) => server.close()));
      await guarded.close();
    },
  };
}

function systemPrompt({ instructions }: OpenaiConfig, mediaDirs: readonly string[], box: ToolBox): string {
  const lines = [wecomHint({ mediaDirs, instructions }), `Today is ${new Date().toDateString()}.`];
  if (box.missing.length > 0)
    lines.push(
      `The tools of ${box.missing.join(" and ")} cannot be reached at the moment; say so where it matters.`,
    );
  return lines.join("\n\n");
}

function failed(error: unknown, turn: Turn, logger: Logger): TurnResult {
  if (error instanceof ModelError) {
    const { code, later, detail } = error.failure;
    return { status: "failed", code, retryable: later === true, detail };
  }
  // Redis refused a step, or a journal is another version's: nothing was done that is not written down.
  logger.error({ turnId: turn.id, err: error }, "the built-in agent failed");
  const detail = "The built-in agent itself failed; see the log.";
  return { status: "failed", code: "internal", retryable: true, detail };
}

function timedOut({ timeoutMs }: OpenaiConfig): TurnResult {
  const detail = `The run took longer than ${timeoutMs / 1000} s and was stopped.`;
  return { status: "failed", code: "timeout", retryable: false, detail };
}

import type { LanguageModel } from "ai";
import type { Probe } from "../runner.ts";
import { askModel } from "./ask-model.ts";
import { describeModelFailure } from "./model-failure.ts";
import type { ToolServer } from "./tools/tool-server.ts";

const PROBE_TIMEOUT_MS = 30_000;

/**
 * Begins an answer and lets go of it: unlike a list of models, which some endpoints give to anybody and others not at
 * all, that tells a wrong key, address or name. Tool servers are started and list their tools.
 */
export async function probeModel(
  model: LanguageModel,
  servers: readonly Pick<ToolServer, "list">[],
): Promise<Probe> {
  const problems = (await Promise.all([tryModel(model), ...servers.map(tryServer)])).flat();
  return problems.length === 0 ? { ok: true } : { ok: false, problem: problems.join(" ") };
}

async function tryModel(model: LanguageModel): Promise<string[]> {
  const enough = new AbortController();
  try {
    await askModel(model, {
      system: "Answer with one word.",
      messages: [{ role: "user", content: "ping" }],
      tools: {},
      isLast: true,
      signal: AbortSignal.any([enough.signal, AbortSignal.timeout(PROBE_TIMEOUT_MS)]),
      onLife: (part) => {
        if (!["start", "start-step", "error"].includes(part)) enough.abort();
      },
    });
    return [];
  } catch (error) {
    return enough.signal.aborted ? [] : [describeModelFailure(error).detail];
  }
}

async function tryServer(server: Pick<ToolServer, "list">): Promise<string[]> {
  try {
    await server.list();
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : "A tool server could not be reached."];
  }
}

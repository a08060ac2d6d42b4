import { isBlank } from "@gateway/message-text";
import type { ModelMessage } from "ai";
import type { RunFailureCode, TurnResult } from "../runner.ts";
import type { Additions } from "./additions.ts";
import type { ModelStep, Question } from "./ask-model.ts";
import { askModel } from "./ask-model.ts";
import { askPatiently, ModelError } from "./ask-patiently.ts";
import { carryOut } from "./carry-out.ts";
import { makeMemory } from "./memory.ts";
import { runBlocks } from "./messages.ts";
import type { Run } from "./run.ts";
import { summarise } from "./summarise.ts";

const CONCLUDE: ModelMessage = {
  role: "user",
  content:
    "[No more calls of tools are possible in this turn. Answer now with what you have, and say what is left to do.]",
};

/** Model and tools in turns, until the model answers. Rejects with a ModelError or the signal's reason. */
export async function runTurn(run: Run, additions: Additions): Promise<TurnResult> {
  for (;;) {
    await carryOut(run);
    for (const text of additions.take()) await run.journal.add({ type: "added", text });
    const isLast = run.journal.steps >= run.config.maxSteps - 1;
    const step = await nextStep(run, isLast);
    if (step.end === "refusal") return failure("refusal", "The model's content filter ended the answer.");
    if (step.calls.length === 0) return conclude(run, step, additions.close());
    if (isLast)
      return failure("agent", `The model would not stop calling tools after ${run.journal.steps} steps.`);
    const { text, reasoning, calls } = step;
    await run.journal.add({ type: "said", text, reasoning, calls: [...calls] });
  }
}

async function nextStep(run: Run, isLast: boolean): Promise<ModelStep> {
  await makeRoom(run);
  try {
    return await askOnce(run, isLast);
  } catch (error) {
    if (!(error instanceof ModelError) || error.failure.tooLong !== true) throw error;
    // The endpoint counts other than we do, or the configured context size is not the model's.
    await makeRoom(run, { harder: true });
    return askOnce(run, isLast);
  }
}

function askOnce(run: Run, isLast: boolean): Promise<ModelStep> {
  const { summary, messages } = run.context.messages();
  const system =
    summary === undefined ? run.system : `${run.system}\n\n# What was said before, in short\n${summary}`;
  return ask(run, {
    system,
    messages: isLast && run.journal.steps > 0 ? [...messages, CONCLUDE] : messages,
    tools: run.box.declared,
    isLast,
  });
}

function makeRoom(run: Run, options?: { harder: boolean }): Promise<void> {
  return run.context.makeRoom(
    (before, blocks, limitTokens) => summarise(before, blocks, limitTokens, (question) => ask(run, question)),
    options,
  );
}

function ask(run: Run, question: Omit<Question, "signal" | "onLife">): Promise<ModelStep> {
  const { signal, io, model } = run;
  const onLife = () => io.emit({ type: "alive" });
  return askPatiently(() => askModel(model, { ...question, signal, onLife }), {
    signal,
    emit: io.emit,
    ...(run.pauseMs === undefined ? {} : { pauseMs: run.pauseMs }),
  });
}

function conclude(run: Run, { text, end }: ModelStep, untaken: number): TurnResult {
  if (isBlank(text)) {
    const why = end === "length" ? "reached its length limit before it" : "ended well but";
    return failure("empty", `The model ${why} said nothing.`);
  }
  const summary = run.context.newSummary();
  const gone = run.journal.entries.findLast((entry) => entry.type === "summary")?.run ?? 0;
  const memory = makeMemory(runBlocks(run.journal.entries).slice(gone), summary);
  return {
    status: "done",
    text,
    ...(end === "length" ? { truncated: true as const } : {}),
    ...(memory === undefined ? {} : { memory }),
    ...(untaken === 0 ? {} : { untaken }),
  };
}

function failure(code: RunFailureCode, detail: string): TurnResult {
  return { status: "failed", code, retryable: false, detail };
}

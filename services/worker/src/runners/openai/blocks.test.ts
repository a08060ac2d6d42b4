import { describe, expect, it } from "@jest/globals";
import type { ModelMessage } from "ai";
import fc from "fast-check";
import type { Block, Window } from "./blocks.ts";
import { countBlocks, dropBlocks, pruneResults, splitForSummary } from "./blocks.ts";
import type { Entry } from "./journal.ts";
import { callId } from "./journal.ts";
import { makeMemory } from "./memory.ts";
import { exchangeBlocks, runBlocks } from "./messages.ts";
import { countTokens } from "./tokens.ts";

const words = fc.oneof(
  fc.string({ maxLength: 40, unit: "grapheme" }),
  fc.nat({ max: 4000 }).map((length) => "字".repeat(length)),
);
const step = fc.record({ text: words, results: fc.array(words, { minLength: 1, maxLength: 4 }) });
type Doing = { readonly text: string; readonly results: readonly string[] } | string;
const run = fc.array(fc.oneof(step, words), { maxLength: 12 });
const past = fc.array(fc.record({ user: words, assistant: words, run }), { maxLength: 8 });

/** The journal of a run that did so. */
function entriesOf(doings: readonly Doing[]): Entry[] {
  let steps = 0;
  return doings.flatMap((doing): Entry[] => {
    if (typeof doing === "string") return [{ type: "added", text: doing }];
    const number = steps++;
    const calls = doing.results.map((_result, index) => ({ name: `tool_${index}`, input: {} }));
    const results = doing.results.map(
      (output, index): Entry => ({ type: "result", call: callId(number, index), output, failed: false }),
    );
    return [{ type: "said", text: doing.text, reasoning: "hm", calls }, ...results];
  });
}

function windowOf(
  exchanges: readonly { user: string; assistant: string; run: Doing[] }[],
  doings: Doing[],
): Window {
  const history = exchanges.map(({ user, assistant, run: done }, index) => {
    const state = makeMemory(runBlocks(entriesOf(done)), undefined);
    const exchange = { user, assistant, atMs: index, turnId: `re-${index}` };
    return state === undefined ? exchange : { ...exchange, memory: { of: "openai", state } };
  });
  return { past: exchangeBlocks(history), run: runBlocks(entriesOf(doings)) };
}

/** What every endpoint checks: each call is followed by its result, and no result comes without a call. */
function expectPaired(messages: readonly ModelMessage[]): void {
  let open: string[] = [];
  for (const { role, content } of messages) {
    const parts = typeof content === "string" ? [] : content;
    if (role === "tool") {
      for (const part of parts) if (part.type === "tool-result") expect(open).toContain(part.toolCallId);
      open = open.filter(
        (id) => !parts.some((part) => part.type === "tool-result" && part.toolCallId === id),
      );
    } else {
      expect(open).toEqual([]);
      open = parts.flatMap((part) => (part.type === "tool-call" ? [part.toolCallId] : []));
    }
  }
  expect(open).toEqual([]);
}

const flat = ({ past: before, run: now }: Window) => [...before, ...now].flat();

describe("making room", () => {
  it("never parts a call from its result, whatever is pruned, summarised or remembered", () => {
    fc.assert(
      fc.property(past, run, fc.nat({ max: 20_000 }), (exchanges, doings, keepTokens) => {
        const window = windowOf(exchanges, doings);
        expectPaired(flat(window));
        const pruned = pruneResults(window);
        expectPaired(flat(pruned));
        expectPaired(flat(dropBlocks(pruned, splitForSummary(pruned, keepTokens))));
        const memory = makeMemory(window.run, { text: "s".repeat(6000), upTo: "re-1" });
        expectPaired((memory?.messages ?? []) as ModelMessage[]);
        expect(Buffer.byteLength(JSON.stringify(memory))).toBeLessThanOrEqual(32 * 1024);
      }),
    );
  });

  it("leaves no more than was asked for, but the step that the model works on", () => {
    fc.assert(
      fc.property(past, run, fc.nat({ max: 5000 }), (exchanges, doings, keepTokens) => {
        const window = windowOf(exchanges, doings);
        const rest = dropBlocks(window, splitForSummary(window, keepTokens));
        const latest: readonly Block[] = window.run.slice(-1);
        expect(countBlocks([...rest.past, ...rest.run])).toBeLessThanOrEqual(
          Math.max(keepTokens, countBlocks(latest)),
        );
        if (window.run.length > 0) expect(rest.run.at(-1)).toBe(window.run.at(-1));
      }),
    );
  });

  it("leaves out old results and keeps the latest", () => {
    const long = "x".repeat(5000);
    const doings = Array.from({ length: 6 }, () => ({ text: "", results: [long] }));
    const { run: pruned } = pruneResults(windowOf([], doings));
    const shown = pruned.map((block) => JSON.stringify(block).includes(long));
    expect(shown).toEqual([false, false, false, true, true, true]);
  });
});

describe("counting tokens", () => {
  it("is on the safe side for English, and near one a character for Chinese", () => {
    expect(countTokens("a".repeat(4000))).toBeGreaterThan(1000);
    expect(countTokens("字".repeat(1000))).toBe(1000);
  });
});

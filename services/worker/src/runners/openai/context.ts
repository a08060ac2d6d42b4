import type { Exchange } from "@gateway/conversation";
import type { ModelMessage, UserModelMessage } from "ai";
import type { Window } from "./blocks.ts";
import { countBlocks, dropBlocks, pruneResults, splitForSummary } from "./blocks.ts";
import type { Entry, Journal } from "./journal.ts";
import type { Memory } from "./memory.ts";
import { recall } from "./memory.ts";
import { exchangeBlocks, runBlocks } from "./messages.ts";
import { countTokens } from "./tokens.ts";

const FULL_AT = 0.7;
const KEPT_AFTER = 0.3;
/** The list of exchanges is bounded: what is about to fall off it has to be in a summary before. */
const EXCHANGES_BEFORE_SUMMARY = 40;
const EXCHANGES_KEPT = 10;

type Summarise = (before: string | undefined, window: Window["past"], limitTokens: number) => Promise<string>;

/** What the model is given: of the past, of this turn, and a summary of what has become too long. */
export interface Context {
  /** Makes room where there is too little. `harder`: the endpoint says that it is too long as it is. */
  makeRoom(summarise: Summarise, options?: { harder: boolean }): Promise<void>;
  messages(): { readonly summary: string | undefined; readonly messages: ModelMessage[] };
  /** The newest summary of this turn, as the next turns are to find it. */
  newSummary(): Memory["summary"];
}

export function createContext(
  history: readonly Exchange[],
  journal: Journal,
  { input, limitTokens, fixedTokens }: ContextSettings,
): Context {
  const { summary: earlier, exchanges } = recall(history);
  const past = exchangeBlocks(exchanges);
  const made = () => journal.entries.findLast(isSummary);
  const summaryText = () => made()?.text ?? earlier;
  const whole = (): Window => ({ past, run: runBlocks(journal.entries) });
  const rest = (): Window => dropBlocks(whole(), made() ?? { past: 0, run: 0 });
  let isPruned = false;
  const shown = () => (isPruned ? pruneResults(rest()) : rest());
  const size = ({ past: before, run }: Window) =>
    fixedTokens +
    countTokens(summaryText() ?? "") +
    countTokens(input) +
    countBlocks(before) +
    countBlocks(run);

  return {
    async makeRoom(summarise, { harder } = { harder: false }) {
      const budget = harder ? limitTokens / 2 : limitTokens;
      const isLong = () => harder || size(shown()) > budget * FULL_AT;
      const gone = made()?.past ?? 0;
      const isMany = past.length - gone >= EXCHANGES_BEFORE_SUMMARY;
      if (isLong()) isPruned = true;
      if (!isLong() && !isMany) return;
      const window = shown();
      const split = isLong()
        ? splitForSummary(window, Math.max(budget * KEPT_AFTER - fixedTokens, 0))
        : { past: window.past.length - EXCHANGES_KEPT, run: 0 };
      if (split.past + split.run === 0) return;
      const blocks = [...window.past.slice(0, split.past), ...window.run.slice(0, split.run)];
      const text = await summarise(summaryText(), blocks, budget * FULL_AT);
      const before = made();
      await journal.add({
        type: "summary",
        text,
        past: split.past + (before?.past ?? 0),
        run: split.run + (before?.run ?? 0),
      });
    },
    messages() {
      const { past: before, run } = shown();
      return { summary: summaryText(), messages: [...before.flat(), input, ...run.flat()] };
    },
    newSummary() {
      const summary = made();
      return summary && { text: summary.text, upTo: exchanges[summary.past - 1]?.turnId ?? "" };
    },
  };
}

export interface ContextSettings {
  /** What the person wants of this turn; never summarised. */
  readonly input: UserModelMessage;
  /** What the model takes in at most. */
  readonly limitTokens: number;
  /** Of what is always there: instructions and tools. */
  readonly fixedTokens: number;
}

function isSummary(entry: Entry): entry is Extract<Entry, { type: "summary" }> {
  return entry.type === "summary";
}

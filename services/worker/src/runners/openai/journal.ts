import { z } from "zod";
import { messageText } from "../../turn/turn-input.ts";
import type { Turn, TurnIO } from "../runner.ts";

/*
 * What a run has done, entry by entry, each durable before the next thing happens: a further attempt goes on behind
 * the last one.
 */

const modelCall = z.object({
  name: z.string(),
  input: z.record(z.string(), z.unknown()),
  /** Its arguments were no JSON object. */
  isUnreadable: z.literal(true).optional(),
  /** Gemini's: wants to be sent back with the call. */
  signature: z.string().optional(),
});
export type ModelCall = z.infer<typeof modelCall>;

const entrySchema = z.discriminatedUnion("type", [
  /** How many messages the turn had when it began; later ones were taken in while it ran. */
  z.object({ type: z.literal("input"), messages: z.number().int() }),
  z.object({ type: z.literal("said"), text: z.string(), reasoning: z.string(), calls: z.array(modelCall) }),
  /** A call was begun that must not be made twice. */
  z.object({ type: z.literal("begun"), call: z.string() }),
  z.object({ type: z.literal("result"), call: z.string(), output: z.string(), failed: z.boolean() }),
  /** What the person added. */
  z.object({ type: z.literal("added"), text: z.string() }),
  /** Stands for so many of the earlier exchanges and of this run's own blocks from now on. */
  z.object({ type: z.literal("summary"), text: z.string(), past: z.number().int(), run: z.number().int() }),
]);
export type Entry = z.infer<typeof entrySchema>;

export interface PendingCall extends ModelCall {
  /** Unique in the turn and the same in every attempt: the model's own ids are neither. */
  readonly id: string;
  readonly isBegun: boolean;
}

export interface Journal {
  readonly entries: readonly Entry[];
  /** Durable when it resolves. */
  add(entry: Entry): Promise<void>;
  /** The calls of the last step that have no result yet. */
  pending(): PendingCall[];
  /** How often the model has been called for the turn. */
  readonly steps: number;
}

/** Goes on with the journal of an earlier attempt, or begins one. */
export function openJournal(turn: Turn, io: Pick<TurnIO, "checkpoint">): Journal {
  const entries = turn.steps.map((state) => entrySchema.parse(state));
  const store = async (entry: Entry) => {
    await io.checkpoint({ step: { number: entries.length, state: entry } });
    entries.push(entry);
  };
  return {
    entries,
    async add(entry) {
      if (entries.length === 0) await store({ type: "input", messages: turn.messages.length });
      await store(entry);
    },
    pending: () => pendingCalls(entries),
    get steps() {
      return entries.filter(({ type }) => type === "said").length;
    },
  };
}

export const callId = (step: number, index: number) => `call_${step}_${index}`;

function pendingCalls(entries: readonly Entry[]): PendingCall[] {
  const last = entries.findLastIndex(({ type }) => type === "said");
  const said = entries[last];
  if (said?.type !== "said") return [];
  const after = entries.slice(last + 1);
  const step = entries.slice(0, last).filter(({ type }) => type === "said").length;
  const has = (type: "begun" | "result", id: string) =>
    after.some((entry) => entry.type === type && entry.call === id);
  return said.calls
    .map((call, index) => ({ ...call, id: callId(step, index) }))
    .filter(({ id }) => !has("result", id))
    .map((call) => ({ ...call, isBegun: has("begun", call.id) }));
}

/** What the turn began with, and what was taken in by an attempt that died before it could write it down. */
export interface TurnInput {
  readonly text: string;
  readonly missed: readonly string[];
  /** Written down, but still waiting in the mailbox when the attempt died: offered again, they are known. */
  readonly known: readonly string[];
}

export function readTurnInput(turn: Turn, { entries }: Pick<Journal, "entries">): TurnInput {
  const [first] = entries;
  const count = first?.type === "input" ? first.messages : turn.messages.length;
  const absorbed = turn.messages.slice(count).map((message) => messageText(message) ?? "");
  const tail = absorbed.map((text) => `\n${text}`).join("");
  const text = turn.text.endsWith(tail) ? turn.text.slice(0, turn.text.length - tail.length) : turn.text;
  const written = entries.flatMap((entry) => (entry.type === "added" ? [entry.text] : []));
  return { text, missed: absorbed.slice(written.length), known: written.slice(absorbed.length) };
}

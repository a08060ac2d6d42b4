import fc from "fast-check";
import { AGENT_SECRET, hostileLines, odd, SESSION } from "./hostile-acp-lines.ts";

export const METHODS = [
  "initialize",
  "session/new",
  "session/load",
  "session/prompt",
  "session/close",
] as const;

/** What it does when it is asked. */
export interface Said {
  readonly before: Buffer;
  readonly answer: { readonly result: unknown } | { readonly error: unknown } | "silence" | "exit";
  readonly after: Buffer;
}

/** How it answers what the gateway asks: mostly as it should. */
function answer(right: Readonly<Record<string, unknown>>) {
  const [field = ""] = Object.keys(right);
  return fc.oneof(
    { arbitrary: fc.constant({ result: right }), weight: 20 },
    { arbitrary: odd.map((result) => ({ result })), weight: 1 },
    { arbitrary: odd.map((value) => ({ result: { ...right, [field]: value } })), weight: 2 },
    {
      arbitrary: fc
        .constantFrom<unknown[]>(
          { code: -32_000, message: `401 ${AGENT_SECRET}` },
          { code: 1, message: "429" },
          { code: "x" },
          null,
          "no",
        )
        .map((error) => ({ error })),
      weight: 1,
    },
    { arbitrary: fc.constantFrom("silence" as const, "exit" as const), weight: 1 },
  );
}

const said = (right: Readonly<Record<string, unknown>>) =>
  fc.record({ before: hostileLines, answer: answer(right), after: hostileLines });

const NOTHING = Buffer.alloc(0);

/** What an agent does for each method that it is asked, in how small pieces it writes, and whether it listens. */
export const hostileAgent: fc.Arbitrary<HostileAgent> = fc.record({
  initialize: said({
    protocolVersion: 1,
    agentCapabilities: { loadSession: true, sessionCapabilities: { close: {} } },
  }),
  "session/new": said({
    modes: { currentModeId: "auto", availableModes: [{ id: "ask" }] },
    sessionId: SESSION,
  }),
  "session/load": said({ modes: null }),
  "session/prompt": said({ stopReason: "end_turn" }),
  "session/close": fc.constant({ before: NOTHING, answer: { result: {} }, after: NOTHING }),
  pieces: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 20 }),
  isDeaf: fc.oneof(
    { arbitrary: fc.constant(false), weight: 20 },
    { arbitrary: fc.constant(true), weight: 1 },
  ),
});
export interface HostileAgent extends Readonly<Record<(typeof METHODS)[number], Said>> {
  readonly pieces: readonly number[];
  readonly isDeaf: boolean;
}

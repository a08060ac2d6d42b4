import type { InboundMessage } from "@gateway/conversation";
import { describe, expect, it } from "@jest/globals";
import type { Turn } from "../runner.ts";
import type { Entry } from "./journal.ts";
import { openJournal, readTurnInput } from "./journal.ts";

function messageOf(text: string, index: number): InboundMessage {
  const place = { toUserName: "ww1", fromUserName: "00123", agentId: "2", createTime: 0 };
  const who = { appName: "app", corpId: "ww1", agentId: "2", userId: "00123" };
  const message = { kind: "text" as const, content: text, msgId: String(index), ...place };
  return { v: 1, id: `cb-${index}`, ...who, receivedAtMs: 0, message };
}

/** A turn of these messages, of which an earlier attempt has done so much. */
function turnOf(texts: readonly string[], steps: readonly Entry[] = []): Turn {
  return {
    id: "re-1",
    attempt: 1,
    conversation: { corpId: "ww1", agentId: "2", userId: "00123", id: "ww1:2:00123" },
    session: { epoch: 0 },
    steps,
    appName: "app",
    messages: texts.map(messageOf),
    text: texts.join("\n"),
    attachments: [],
    history: async () => [],
  };
}

const input = (messages: number): Entry => ({ type: "input", messages });
const added = (text: string): Entry => ({ type: "added", text });
const said: Entry = {
  type: "said",
  text: "",
  reasoning: "",
  calls: ["a", "b", "c"].map((name) => ({ name, input: {} })),
};
const noted = { checkpoint: async () => undefined };

describe("what a turn began with", () => {
  it.each<[string, Turn, ReturnType<typeof readTurnInput>]>([
    ["a first attempt", turnOf(["one", "two"]), { text: "one\ntwo", missed: [], known: [] }],
    [
      "what was added is part of the turn, and written down",
      turnOf(["one", "more"], [input(1), said, added("more")]),
      { text: "one", missed: [], known: [] },
    ],
    [
      "it was taken in, but the attempt died before it wrote it down",
      turnOf(["one", "two", "more", "again"], [input(2), said, added("more")]),
      { text: "one\ntwo", missed: ["again"], known: [] },
    ],
    [
      "it was written down, but is still in the mailbox",
      turnOf(["one"], [input(1), said, added("more")]),
      { text: "one", missed: [], known: ["more"] },
    ],
  ])("is told from what was added: %s", (_name, turn, expected) => {
    expect(readTurnInput(turn, openJournal(turn, noted))).toEqual(expected);
  });
});

describe("the calls that are left", () => {
  it("are those of the last step without a result; one may have been begun", () => {
    const result: Entry = { type: "result", call: "call_0_0", output: "", failed: false };
    const turn = turnOf(["one"], [input(1), said, result, { type: "begun", call: "call_0_1" }]);
    expect(openJournal(turn, noted).pending()).toEqual([
      { id: "call_0_1", name: "b", input: {}, isBegun: true },
      { id: "call_0_2", name: "c", input: {}, isBegun: false },
    ]);
  });

  it("are none when nothing was said", () => {
    const turn = turnOf(["one"], [input(1), added("more")]);
    expect(openJournal(turn, noted).pending()).toEqual([]);
  });
});

describe("a journal", () => {
  it("says how many messages the turn began with before all else, and has nothing that was not stored", async () => {
    const stored: unknown[] = [];
    let isLost = false;
    const journal = openJournal(turnOf(["one", "two"]), {
      async checkpoint(checkpoint) {
        if (isLost) throw new Error("lost");
        stored.push(checkpoint.step);
      },
    });
    await journal.add(added("more"));
    expect(stored).toEqual([
      { number: 0, state: input(2) },
      { number: 1, state: added("more") },
    ]);
    isLost = true;
    await expect(journal.add(said)).rejects.toThrow("lost");
    expect(journal.entries).toEqual([input(2), added("more")]);
  });
});

import type { ChunkMark, ChunkState, StoredChunk, StoredReply } from "@gateway/conversation";
import { RESEND_WINDOW_SECONDS } from "@gateway/conversation";
import { describe, expect, it } from "@jest/globals";
import { chooseStep } from "./choose-step.ts";

const NOW = 1_700_000_000_000;
const DAY_MS = 24 * 3600 * 1000;
const LONG_AGO = NOW - RESEND_WINDOW_SECONDS * 1000;
const strict = { unknownOutcome: "dead-letter", late: "dead-letter" } as const;
const lenient = { unknownOutcome: "resend-marked", late: "send-marked" } as const;

function chunk(state: ChunkState, change: Partial<StoredChunk> = {}): StoredChunk {
  const open = { firstSentAtMs: undefined, result: undefined, mark: undefined };
  return { index: 0, body: "{}", state, attempts: 0, ...open, ...change };
}

function reply(change: Partial<StoredReply> = {}): Pick<StoredReply, "kind" | "createdAtMs" | "chunks"> {
  return { kind: "answer", createdAtMs: NOW - 1000, chunks: [chunk("sent"), chunk("pending")], ...change };
}

describe("chooseStep", () => {
  it("skips what is sent and sends what is not", () => {
    expect(chooseStep(reply(), chunk("sent"), NOW, strict, false)).toEqual({ do: "skip" });
    expect(chooseStep(reply(), chunk("pending"), NOW, strict, false)).toEqual({ do: "send" });
  });

  it("sends the same bytes again while WeCom recognises them, even when the reply is late by now", () => {
    const underWay = chunk("sending", { firstSentAtMs: NOW - 60_000 });
    expect(chooseStep(reply(), underWay, NOW, strict, false)).toEqual({ do: "send" });
    expect(chooseStep(reply({ createdAtMs: NOW - DAY_MS * 2 }), underWay, NOW, strict, false)).toEqual({
      do: "send",
    });
  });

  it("sets an unknown outcome aside afterwards, or sends it again with a mark, once", () => {
    const underWay = chunk("sending", { firstSentAtMs: LONG_AGO });
    const failure = { state: "unknown", code: "outcome_unknown" };
    expect(chooseStep(reply(), underWay, NOW, strict, false)).toMatchObject({ do: "fail", failure });
    expect(chooseStep(reply(), underWay, NOW, lenient, false)).toMatchObject({
      do: "mark",
      mark: "duplicate",
      otherwise: failure,
    });
    const again = { ...underWay, mark: "duplicate" as const };
    expect(chooseStep(reply(), again, NOW, lenient, false)).toMatchObject({ do: "fail", failure });
  });

  it("sets a reply aside that waited for a day, and says how much of it arrived and what stood in the way", () => {
    const late = reply({ createdAtMs: NOW - DAY_MS - 1 });
    const step = chooseStep(late, chunk("pending", { result: "errcode_60020" }), NOW, strict, false);
    expect(step).toMatchObject({ do: "fail", failure: { state: "failed", code: "too_late" } });
    const reason = step.do === "fail" ? step.failure.reason : "";
    expect(reason).toContain("1 of its 2 parts");
    expect(reason).toContain("errcode_60020");
  });

  it("or sends it with a mark on the first part that is left, never a notice", () => {
    const late = reply({ createdAtMs: NOW - DAY_MS - 1 });
    expect(chooseStep(late, chunk("pending"), NOW, lenient, false)).toMatchObject({
      do: "mark",
      mark: "late",
    });
    expect(chooseStep(late, chunk("pending"), NOW, lenient, true)).toEqual({ do: "send" });
    const notice = { ...late, kind: "notice" as const };
    expect(chooseStep(notice, chunk("pending"), NOW, lenient, false)).toMatchObject({ do: "fail" });
  });

  it("does not call a part late of which nobody knows whether it arrived", () => {
    const late = reply({ createdAtMs: NOW - DAY_MS - 1 });
    const marked = chunk("pending", { mark: "duplicate" satisfies ChunkMark });
    expect(chooseStep(late, marked, NOW, strict, false)).toMatchObject({
      failure: { code: "outcome_unknown" },
    });
  });

  it("keeps to a failure that was stored before", () => {
    const failed = chunk("failed", { result: "errcode_40033" });
    expect(chooseStep(reply(), failed, NOW, lenient, false)).toMatchObject({
      do: "fail",
      failure: { state: "failed", code: "errcode_40033" },
    });
    expect(chooseStep(reply(), chunk("unknown"), NOW, lenient, false)).toMatchObject({
      failure: { state: "unknown" },
    });
  });
});

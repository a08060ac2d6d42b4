import type { ChunkState, Fence, Outbox, StoredReply } from "@gateway/conversation";
import type { SendMessageResult, WecomErrorKind } from "@gateway/wecom-client";
import { WecomError } from "@gateway/wecom-client";
import { describe, expect, it } from "@jest/globals";
import { pino } from "pino";
import { deliverReply } from "./deliver-reply.ts";
import { RESEND_WINDOW_SECONDS } from "./plan-reply.ts";

const fence: Fence = { jobId: "1", lockKey: "lock", token: "t" };
const NOW = 1_700_000_000_000;

function reply(...states: (ChunkState | [ChunkState, number])[]): StoredReply {
  return {
    id: "re-1",
    kind: "answer",
    conversation: "ww1:2:u",
    messageIds: ["cb-1"],
    createdAtMs: NOW - 1000,
    recalls: [],
    chunks: states.map((given, index) => {
      const [state, firstSentAtMs] = typeof given === "string" ? [given, undefined] : given;
      return { index, body: `body ${index}`, state, attempts: 0, firstSentAtMs, result: undefined };
    }),
  };
}

/** Answers in turn; what is thrown is an answer too. Records what was posted and what was settled. */
function deliver(stored: StoredReply, answers: (Partial<SendMessageResult> | Error)[], lostAt = -1) {
  const posted: string[] = [];
  const settled: string[] = [];
  const outbox: Pick<Outbox, "beginChunk" | "settleChunk"> = {
    beginChunk: async (_, index) => (index === lostAt ? "lost" : "begun"),
    settleChunk: async (_, index, __, outcome) => {
      settled.push(`${index} ${outcome.state} ${outcome.state === "sent" ? outcome.msgId : outcome.code}`);
      return true;
    },
  };
  const send = async (body: string): Promise<SendMessageResult> => {
    posted.push(body);
    const answer = answers.shift();
    if (answer === undefined || answer instanceof Error) throw answer;
    return {
      msgId: "m",
      invalidUsers: [],
      invalidParties: [],
      invalidTags: [],
      unlicensedUsers: [],
      ...answer,
    };
  };
  const deps = { outbox: outbox as Outbox, send, logger: pino({ level: "silent" }), now: () => NOW };
  return deliverReply(stored, fence, deps).then((result) => ({ result, posted, settled }));
}

function wecomError(kind: WecomErrorKind): WecomError {
  return new WecomError({
    kind,
    code: `code_${kind}`,
    api: "message/send",
    app: "ww1/2",
    summary: kind,
    hint: "what to do",
  });
}

describe("deliverReply", () => {
  it("sends every chunk in order, each after the one before has settled", async () => {
    const { result, posted, settled } = await deliver(reply("pending", "pending"), [
      { msgId: "a" },
      { msgId: "b" },
    ]);
    expect(result).toEqual({ status: "sent" });
    expect(posted).toEqual(["body 0", "body 1"]);
    expect(settled).toEqual(["0 sent a", "1 sent b"]);
  });

  it("goes on at the first chunk that is not sent", async () => {
    const { posted } = await deliver(reply("sent", "sent", "pending"), [{}]);
    expect(posted).toEqual(["body 2"]);
  });

  it("puts a chunk that certainly did not leave back to pending and waits, without the next one", async () => {
    const { result, posted, settled } = await deliver(reply("pending", "pending"), [wecomError("not_sent")]);
    expect(result.status).toBe("postponed");
    expect(posted).toEqual(["body 0"]);
    expect(settled).toEqual(["0 pending code_not_sent"]);
  });

  it("leaves a chunk with an unknown outcome as sending, and sends the same bytes again while WeCom recognises them", async () => {
    const first = await deliver(reply("pending", "pending"), [wecomError("unknown")]);
    expect(first.result.status).toBe("postponed");
    expect(first.settled).toEqual([]);
    const second = await deliver(reply(["sending", NOW - 60_000], "pending"), [
      { msgId: "a" },
      { msgId: "b" },
    ]);
    expect(second.posted).toEqual(["body 0", "body 1"]);
  });

  it("does not forget an unknown outcome when a later try is refused a connection", async () => {
    const { settled } = await deliver(reply(["sending", NOW - 60_000]), [wecomError("not_sent")]);
    expect(settled).toEqual([]);
  });

  it("never sends again what WeCom would no longer recognise", async () => {
    const longAgo = NOW - RESEND_WINDOW_SECONDS * 1000;
    const { result, posted, settled } = await deliver(reply(["sending", longAgo], "pending"), []);
    expect(result).toMatchObject({ status: "failed", code: "outcome_unknown" });
    expect(posted).toEqual([]);
    expect(settled).toEqual(["0 unknown outcome_unknown"]);
  });

  it.each(["recipient", "content"] as const)(
    "fails the reply on a refusal for good (%s), with what to do",
    async (kind) => {
      const { result } = await deliver(reply("pending", "pending"), [wecomError(kind)]);
      expect(result).toEqual({ status: "failed", code: `code_${kind}`, reason: "what to do" });
    },
  );

  it.each(["rate", "busy", "token", "credentials", "configuration"] as const)(
    "holds the reply on %s",
    async (kind) => {
      const { result, settled } = await deliver(reply("pending"), [wecomError(kind)]);
      expect(result.status).toBe("postponed");
      expect(settled).toEqual([`0 pending code_${kind}`]);
    },
  );

  it("takes success with an invalid receiver for the failure it is", async () => {
    const { result } = await deliver(reply("pending"), [{ invalidUsers: ["u"] }]);
    expect(result).toMatchObject({ status: "failed", code: "invaliduser" });
  });

  it("sends nothing once its lock is lost", async () => {
    const { result, posted } = await deliver(reply("pending"), [{}], 0);
    expect(result).toEqual({ status: "lost" });
    expect(posted).toEqual([]);
  });

  it("does not send an answer that is a day old", async () => {
    const old = { ...reply("pending"), createdAtMs: NOW - 25 * 3600 * 1000 };
    expect((await deliver(old, [{}])).result).toMatchObject({ status: "failed", code: "too_late" });
  });
});

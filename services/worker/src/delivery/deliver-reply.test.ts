import type { ChunkState, Fence, Outbox, StoredReply } from "@gateway/conversation";
import { RESEND_WINDOW_SECONDS } from "@gateway/conversation";
import { createTexts } from "@gateway/texts";
import type { SendMessageResult, WecomErrorKind } from "@gateway/wecom-client";
import { WecomError } from "@gateway/wecom-client";
import { describe, expect, it } from "@jest/globals";
import { pino } from "pino";
import type { SendingApp } from "./deliver-reply.ts";
import { deliverReply } from "./deliver-reply.ts";
import { DEFAULT_REPLY_OPTIONS } from "./reply-options.ts";
import type { SendGate } from "./send-gate.ts";
import type { SendOutcome } from "./send-outcome.ts";

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
    updates: [],
    chunks: states.map((given, index) => {
      const [state, firstSentAtMs] = typeof given === "string" ? [given, undefined] : given;
      const open = { attempts: 0, result: undefined, mark: undefined };
      return { index, body: textBody(`body ${index}`), state, firstSentAtMs, ...open };
    }),
  };
}

const textBody = (content: string) => JSON.stringify({ msgtype: "text", text: { content } });

interface Given {
  readonly lostAt?: number;
  /** Chunks from this one on are not admitted. */
  readonly fullAt?: number;
  readonly policy?: SendingApp["policy"];
  readonly noApp?: boolean;
  /** The worker is told to end while this many chunks have been posted. */
  readonly stopAfter?: number;
}

/** Answers in turn; what is thrown is an answer too. Records what was posted, settled and told to the gate. */
function deliver(stored: StoredReply, answers: (Partial<SendMessageResult> | Error)[], given: Given = {}) {
  const { lostAt, fullAt = Number.POSITIVE_INFINITY, policy = DEFAULT_REPLY_OPTIONS } = given;
  const posted: string[] = [];
  const settled: string[] = [];
  const gated: string[] = [];
  let admitted = 0;
  const gate: SendGate = {
    enter: async () => {
      if (admitted++ >= fullAt) return { ok: false, why: "member_minute", afterMs: 12_345 };
      const settle = async (outcome: SendOutcome) => {
        gated.push(outcome.kind);
        return 0;
      };
      return { ok: true, pass: { settle, cancel: async () => void gated.push("cancelled") } };
    },
  };
  const outbox: Pick<Outbox, "beginChunk" | "settleChunk" | "rewriteChunk"> = {
    rewriteChunk: async (_, index, __, { mark }) => settled.push(`${index} marked ${mark}`) > 0,
    beginChunk: async (_, index) => (index === lostAt ? "lost" : "begun"),
    settleChunk: async (_, index, __, outcome) => {
      settled.push(`${index} ${outcome.state} ${outcome.state === "sent" ? outcome.msgId : outcome.code}`);
      return true;
    },
  };
  const stopping = new AbortController();
  const send = async (body: string): Promise<SendMessageResult> => {
    posted.push(JSON.parse(body).text.content);
    if (posted.length === given.stopAfter) stopping.abort();
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
  const upload = async () => ({ status: "gone" as const });
  const app = { send, upload, gate, policy, texts: createTexts("en") };
  const deps = {
    outbox: outbox as Outbox,
    app: given.noApp ? undefined : app,
    signal: stopping.signal,
    logger: pino({ level: "silent" }),
    now: () => NOW,
  };
  return deliverReply(stored, fence, deps).then((result) => ({ result, posted, settled, gated }));
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

  it("hands over after the chunk at hand when the worker ends", async () => {
    const { result, posted, settled } = await deliver(reply("pending", "pending"), [{ msgId: "a" }, {}], {
      stopAfter: 1,
    });
    expect(result).toEqual({ status: "postponed", afterMs: 0 });
    expect(posted).toEqual(["body 0"]);
    expect(settled).toEqual(["0 sent a"]);
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
    const unlicensed = await deliver(reply("pending"), [{ unlicensedUsers: ["u"] }]);
    expect(unlicensed.result).toMatchObject({ status: "failed", code: "unlicenseduser" });
  });

  it("sends nothing once its lock is lost", async () => {
    const { result, posted, gated } = await deliver(reply("pending"), [{}], { lostAt: 0 });
    expect(result).toEqual({ status: "lost" });
    expect(posted).toEqual([]);
    expect(gated).toEqual(["cancelled"]);
  });

  it("waits for room before it marks a chunk, and tells the gate every outcome", async () => {
    const { result, posted, settled, gated } = await deliver(
      reply("pending", "pending", "pending"),
      [{}, {}],
      {
        fullAt: 2,
      },
    );
    expect(result).toEqual({ status: "postponed", afterMs: 12_345 });
    expect(posted).toEqual(["body 0", "body 1"]);
    expect(settled).toEqual(["0 sent m", "1 sent m"]);
    expect(gated).toEqual(["sent", "sent"]);
  });

  it("waits for its app to be configured, but not for ever", async () => {
    expect((await deliver(reply("pending"), [], { noApp: true })).result.status).toBe("postponed");
    const old = { ...reply("pending"), createdAtMs: NOW - 25 * 3600 * 1000 };
    expect((await deliver(old, [], { noApp: true })).result).toMatchObject({ code: "too_late" });
  });

  it("sends an unknown part again with a mark where the app wants that", async () => {
    const longAgo = NOW - RESEND_WINDOW_SECONDS * 1000;
    const policy = { unknownOutcome: "resend-marked", late: "dead-letter" } as const;
    const { result, posted, settled } = await deliver(reply(["sending", longAgo], "pending"), [{}, {}], {
      policy,
    });
    expect(result).toEqual({ status: "sent" });
    expect(settled).toEqual(["0 marked duplicate", "0 sent m", "1 sent m"]);
    expect(posted[0]).toMatch(/^♻️.*\nbody 0$/s);
    expect(posted[1]).toBe("body 1");
  });

  it("sends a late reply with one mark where the app wants that", async () => {
    const old = { ...reply("sent", "pending", "pending"), createdAtMs: NOW - 25 * 3600 * 1000 };
    const policy = { unknownOutcome: "dead-letter", late: "send-marked" } as const;
    const { posted } = await deliver(old, [{}, {}], { policy });
    expect(posted[0]).toMatch(/^🕓.*\nbody 1$/s);
    expect(posted[1]).toBe("body 2");
  });

  it("does not send an answer that is a day old", async () => {
    const old = { ...reply("pending"), createdAtMs: NOW - 25 * 3600 * 1000 };
    expect((await deliver(old, [{}])).result).toMatchObject({ status: "failed", code: "too_late" });
  });
});

import type { ChunkMedia, ChunkState, Fence, StoredChunk } from "@gateway/conversation";
import type { WecomErrorKind } from "@gateway/wecom-client";
import { WecomError } from "@gateway/wecom-client";
import { describe, expect, it } from "@jest/globals";
import type { UploadOutcome } from "../media/out/upload-file.ts";
import { retryWithNewMedia, supplyMedia } from "./media-chunk.ts";

const fence: Fence = { jobId: "1", lockKey: "lock", token: "t" };
const media: ChunkMedia = { spoolId: "s", type: "image", filename: "a.png", sizeBytes: 10 };

function chunk(given: {
  mediaId?: string;
  state?: ChunkState;
  result?: string;
  media?: ChunkMedia;
}): StoredChunk {
  const { mediaId = "old", state = "pending", result } = given;
  const body = {
    touser: "u",
    msgtype: "image",
    agentid: 2,
    image: { media_id: mediaId },
    enable_duplicate_check: 1,
  };
  return {
    ...{ index: 3, body: JSON.stringify(body), state, attempts: 0, firstSentAtMs: undefined, result },
    ...{ mark: undefined, media: given.media ?? media },
  };
}

function error(kind: WecomErrorKind, errcode?: number): WecomError {
  const code = errcode === undefined ? kind : `errcode_${errcode}`;
  return new WecomError({ kind, code, errcode, api: "a", app: "b", summary: "s", hint: "what to do" });
}

async function supply(stored: StoredChunk, outcome: UploadOutcome, isOurs = true) {
  const rewritten: unknown[] = [];
  let uploads = 0;
  const upload = async () => {
    uploads += 1;
    return outcome;
  };
  const rewriteChunk = async (_: string, index: number, __: Fence, change: object) => {
    rewritten.push({ index, ...change });
    return isOurs;
  };
  const supplied = await supplyMedia("re-1", stored, fence, { outbox: { rewriteChunk }, upload });
  return { supplied, uploads, stored: rewritten };
}

const uploaded: UploadOutcome = { status: "uploaded", mediaId: "new", media };
const expired = { result: "errcode_40007" };

describe("supplyMedia", () => {
  it("leaves alone what has its media id, and what has no file", async () => {
    expect((await supply(chunk({}), uploaded)).uploads).toBe(0);
    expect((await supply({ ...chunk({ mediaId: "" }), media: undefined }, uploaded)).uploads).toBe(0);
  });

  it("stores the new request before it is sent, equal but for the file", async () => {
    const { supplied, stored } = await supply(chunk({ mediaId: "" }), {
      ...uploaded,
      media: { ...media, type: "file" },
    });
    if (supplied.status !== "ready") throw new Error(supplied.status);
    expect(JSON.parse(supplied.chunk.body)).toEqual({
      ...{ touser: "u", msgtype: "file", agentid: 2, file: { media_id: "new" }, enable_duplicate_check: 1 },
    });
    expect(stored).toEqual([{ index: 3, body: supplied.chunk.body, media: { ...media, type: "file" } }]);
  });

  it("uploads again what WeCom does not know any more, and marks that it did", async () => {
    const { supplied } = await supply(chunk(expired), uploaded);
    expect(supplied).toMatchObject({ status: "ready", chunk: { media: { renewed: true } } });
    expect((await supply(chunk({ ...expired, media: { ...media, renewed: true } }), uploaded)).uploads).toBe(
      0,
    );
  });

  it("never changes what may have been delivered", async () => {
    expect((await supply(chunk({ ...expired, state: "sending" }), uploaded)).uploads).toBe(0);
  });

  it("gives way to whoever has the lock", async () => {
    expect((await supply(chunk({ mediaId: "" }), uploaded, false)).supplied).toEqual({ status: "lost" });
  });

  it.each(["not_sent", "busy", "token", "rate", "unknown", "credentials"] as const)(
    "holds the reply on %s",
    async (kind) => {
      const { supplied } = await supply(chunk({ mediaId: "" }), { status: "later", error: error(kind) });
      expect(supplied).toMatchObject({ status: "postponed", afterMs: expect.any(Number) });
    },
  );

  it("fails with the reason when WeCom refuses the file, or it is gone", async () => {
    const refused: UploadOutcome = { status: "refused", code: "errcode_40004", reason: "what to do" };
    expect((await supply(chunk({ mediaId: "" }), refused)).supplied).toEqual({
      status: "failed",
      failure: { state: "failed", code: "errcode_40004", reason: "what to do" },
    });
    expect((await supply(chunk({ mediaId: "" }), { status: "gone" })).supplied).toMatchObject({
      status: "failed",
      failure: { code: "media_gone" },
    });
  });
});

describe("retryWithNewMedia", () => {
  const refusal = (errcode: number) => {
    const cause = error("content", errcode);
    return { kind: "refused", code: cause.code, reason: cause.hint, error: cause } as const;
  };

  it("makes a refused media id a matter of another upload", () => {
    expect(retryWithNewMedia(refusal(40007), chunk({}))).toMatchObject({ kind: "retry", afterMs: 0 });
  });

  it("lets every other refusal be, and a second one", () => {
    const renewed = chunk({ media: { ...media, renewed: true } });
    for (const [outcome, stored] of [
      [refusal(40008), chunk({})],
      [refusal(40007), renewed],
      [refusal(40007), chunk({ state: "sending" })],
      [refusal(40007), { ...chunk({}), media: undefined }],
    ] as const) {
      expect(retryWithNewMedia(outcome, stored)).toBe(outcome);
    }
  });
});

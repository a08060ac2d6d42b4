import { once } from "node:events";
import { WecomError } from "@gateway/wecom-client";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import type { Redis } from "ioredis";
import type { WorkerApp } from "../../../services/worker/src/apps.ts";
import { limitCalls } from "../../../services/worker/src/delivery/limited-calls.ts";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";

// Retires the risk that recalls and uploads of many workers run into a block of WeCom's, and keep it up.

let server: TestRedis;
let redis: Redis;
beforeAll(async () => {
  server = await startRedis();
  redis = server.client();
  await once(redis, "ready");
});
afterAll(() => server.stop());

const blocked = new WecomError({
  ...{ api: "message/recall", app: "ww1/2", code: "errcode_45009", errcode: 45009 },
  ...{ kind: "rate", summary: "too often", hint: "wait" },
});

/** A client as one of several workers has it. */
function worker(agentId: string, answers: (Error | undefined)[]) {
  const calls: string[] = [];
  const answer = async (name: string) => {
    calls.push(name);
    const next = answers.shift();
    if (next !== undefined) throw next;
  };
  const client: WorkerApp["client"] = {
    sendMessageBytes: async () => ({
      ...{ msgId: "m", invalidUsers: [], invalidParties: [], invalidTags: [], unlicensedUsers: [] },
    }),
    sendAppChatBytes: () => Promise.reject(new Error("not asked for")),
    recallMessage: () => answer("recall"),
    updateTemplateCard: () => answer("update"),
    uploadMedia: async () => {
      await answer("upload");
      return { mediaId: "m", createdAtMs: 1 };
    },
    downloadMedia: () => Promise.reject(new Error("not asked for")),
  };
  const limits = { blocksMs: [60_000] as const, growMs: 5000 };
  return {
    calls,
    client: limitCalls(client, { corpId: "ww1", agentId }, { redis, prefix: server.prefix, limits }),
  };
}

it("a block of one call holds it back in every worker, and no other call and no other app", async () => {
  const [one, other, stranger] = [worker("2", [blocked]), worker("2", []), worker("3", [])];
  await expect(one.client.recallMessage("m1")).rejects.toBe(blocked);
  await expect(other.client.recallMessage("m2")).rejects.toMatchObject({ code: "rate_held", kind: "rate" });
  const upload = { type: "file", filename: "a.txt", content: Buffer.alloc(9), sizeBytes: 9 } as const;
  await other.client.uploadMedia(upload);
  await stranger.client.recallMessage("m3");
  expect([one.calls, other.calls, stranger.calls]).toEqual([["recall"], ["upload"], ["recall"]]);
});

it("a block of the calls for a token holds no other call back", async () => {
  const ofToken = new WecomError({
    ...{ api: "gettoken", app: "ww1/4", code: "errcode_45009", errcode: 45009 },
    ...{ kind: "rate", summary: "too often", hint: "wait" },
  });
  const one = worker("4", [ofToken]);
  await expect(one.client.recallMessage("m1")).rejects.toBe(ofToken);
  await one.client.recallMessage("m2");
  expect(one.calls).toEqual(["recall", "recall"]);
});

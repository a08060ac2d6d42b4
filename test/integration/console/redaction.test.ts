import { conversationId, createKeys } from "@gateway/conversation";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { UnrecoverableError, Worker } from "bullmq";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import { waitUntil } from "../../support/wait-until.ts";
import type { TestConsole } from "./harness.ts";
import { openSession, request, startConsole } from "./harness.ts";

const CANARY = "kanarienvogel";
const SENTENCE = `please wire 4000 to the ${CANARY}, 谢谢`;
const CONVERSATION = conversationId({ corpId: "ww1", agentId: "1000002", userId: "zhangsan" });
const FAILED_ID = "cb-ww1-1000002-zhangsan-1";
const DONE_ID = "cb-ww1-1000002-zhangsan-2";

describe("message content", () => {
  let redis: TestRedis;
  let console: TestConsole;
  let cookie: string;
  beforeAll(async () => {
    redis = await startRedis();
    console = await startConsole({ redisUrl: redis.url, prefix: redis.prefix });
    cookie = await openSession(console.url);
    await plantContent();
  });
  afterAll(async () => {
    await console.stop();
    await redis.stop();
  });

  const get = (path: string) => request(console.url, path, { cookie });
  const getJob = async (queue: string, id: string) =>
    JSON.parse((await get(`/queues/api/queues/${queue}/${id}`)).text).job;

  it("shows up in no answer of the console", async () => {
    const jobs = [FAILED_ID, DONE_ID].flatMap((id) =>
      ["", "/logs", "/flow"].map((part) => `inbound/${id}${part}`),
    );
    const statuses = ["latest", "failed", "completed", "waiting", "delayed", "active"];
    const paths = [
      ...["/", "/overview", "/queues/", "/queues/queue/inbound", "/queues/api/job-schedulers"],
      ...jobs.map((path) => `/queues/api/queues/${path}`),
      ...console.queues.flatMap(({ name }) => [
        ...statuses.map((status) => `/queues/api/queues?activeQueue=${name}&status=${status}`),
        ...["metrics", "default-job-options", "workers", "rate-limit", "job-data-schema"].map(
          (part) => `/queues/api/queues/${name}/${part}`,
        ),
      ]),
    ];
    for (const path of paths) {
      const answer = await get(path);
      expect([path, answer.status]).toEqual([path, 200]);
      expect([path, answer.text.toLowerCase().includes(CANARY)]).toEqual([path, false]);
    }
    expect(console.logs()).not.toContain(CANARY);
  });

  it("shows up in no answer to a write either", async () => {
    const put = (path: string) =>
      request(console.url, `/queues/api/queues/${path}`, { method: "PUT", cookie, json: {} });
    for (const path of [`inbound/${DONE_ID}/retry`, "inbound/retry/completed", "turns/clean/failed"]) {
      const answer = await put(path);
      expect([path, answer.status < 300, answer.text.includes(CANARY)]).toEqual([path, true, false]);
    }
  });

  it("is hidden by what an operator needs: ids, kinds, times, error codes and places in the code", async () => {
    const job = await getJob("inbound", FAILED_ID);
    expect(job.data).toMatchObject({
      conversation: CONVERSATION,
      user: "zhangsan",
      kind: "text",
      receivedAtMs: 1,
    });
    expect(job.data.content).toBe(`[redacted: ${SENTENCE.length} characters]`);
    expect(job.failedReason).toMatch(/^errcode 60020 \[redacted: \d+ characters\]$/);
    expect(job.stacktrace.join("\n")).toMatch(/at node_modules\/.*bullmq.*:\d+:\d+/);
    const logs = JSON.parse((await get(`/queues/api/queues/inbound/${FAILED_ID}/logs`)).text);
    expect(logs).toEqual([
      `[redacted: ${SENTENCE.length} characters]`,
      JSON.stringify({ state: "running", attempt: 1, text: `[redacted: ${SENTENCE.length} characters]` }),
    ]);
  });

  it("leaves the reason of a dead letter, which is the worker's own sentence", async () => {
    const job = await getJob("dead", "dead-1");
    expect(job.data).toMatchObject({
      code: "outcome_unknown",
      reason: "It is not known whether it arrived.",
    });
  });

  async function plantContent() {
    const inbound = console.queue("inbound");
    const data = {
      ...{
        v: 1,
        conversation: CONVERSATION,
        app: "helpdesk",
        user: "zhangsan",
        kind: "text",
        receivedAtMs: 1,
      },
      ...{
        content: SENTENCE,
        id: SENTENCE,
        latitude: 31.2,
        message: { text: CANARY, parts: [CANARY, { [SENTENCE]: CANARY }] },
      },
    };
    await inbound.add(SENTENCE, data, { jobId: FAILED_ID });
    await inbound.add("text", data, { jobId: DONE_ID });
    await console.queue("turns").add("turn", { answer: SENTENCE }, { delay: 3600_000 });
    await console
      .queue("maintenance")
      .upsertJobScheduler("reconcile", { every: 3600_000 }, { name: SENTENCE, data: { text: SENTENCE } });
    const dead = {
      v: 1,
      what: "reply",
      conversation: CONVERSATION,
      messageIds: [FAILED_ID],
      code: "outcome_unknown",
      atMs: 1,
    };
    await console
      .queue("dead")
      .add(
        "reply",
        { ...dead, reason: "It is not known whether it arrived.", note: CANARY },
        { jobId: "dead-1" },
      );
    await redis.client().zadd(createKeys(redis.prefix).pendingTurns, 1, CANARY);

    const worker = new Worker(
      "inbound",
      async (job) => {
        await job.log(SENTENCE);
        await job.log(JSON.stringify({ state: "running", attempt: 1, text: SENTENCE }));
        await job.updateProgress({ state: "running", text: SENTENCE });
        if (job.id !== FAILED_ID) return { reply: SENTENCE };
        throw new UnrecoverableError(
          `${SENTENCE}\n    at ${CANARY} (/home/${CANARY}/app.ts:1:1)\nerrcode=60020`,
        );
      },
      { connection: redis.client(), prefix: redis.prefix },
    );
    await waitUntil("both jobs are finished", async () => {
      const counts = await inbound.getJobCounts("failed", "completed");
      return counts.failed === 1 && counts.completed === 1;
    });
    await worker.close();
  }
});

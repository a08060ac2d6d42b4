import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import type { RequestOptions, TestConsole } from "./harness.ts";
import { openSession, request, startConsole, USER } from "./harness.ts";

describe("what an operator changes", () => {
  let redis: TestRedis;
  let console: TestConsole;
  let cookie: string;
  beforeEach(async () => {
    redis = await startRedis();
    console = await startConsole({ redisUrl: redis.url, prefix: redis.prefix });
    cookie = await openSession(console.url);
  });
  afterEach(async () => {
    await console.stop();
    await redis.stop();
  });

  const write = (path: string, options: RequestOptions = {}) =>
    request(console.url, `/queues/api/queues/${path}`, { method: "PUT", cookie, json: {}, ...options });
  const audited = () =>
    console
      .logs()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
      .filter((line) => line.audit === "write")
      .map(({ operator, method, path, status }) => ({ operator, method, path, status }));

  it("is done and written down", async () => {
    expect((await write("turns/pause")).status).toBe(200);
    expect(await console.queue("turns").isPaused()).toBe(true);
    expect((await write("turns/resume")).status).toBe(200);
    expect(await console.queue("turns").isPaused()).toBe(false);
    expect(audited()).toEqual(
      ["pause", "resume"].map((verb) => ({
        ...{ operator: USER, method: "PUT", status: 200 },
        path: `/queues/api/queues/turns/${verb}`,
      })),
    );
  });

  it.each<[string, RequestOptions]>([
    ["another site", { origin: "https://evil.example" }],
    ["nowhere", { origin: null }],
    ["a sandboxed frame", { origin: "null" }],
    ["another site, with a forged Origin", { headers: { "sec-fetch-site": "cross-site" } }],
    ["a host name that resolves here", { origin: "http://evil.example:8646" }],
  ])("is refused when it comes from %s, in spite of the cookie", async (_from, options) => {
    const answer = await write("turns/pause", options);
    expect([answer.status, JSON.parse(answer.text).error]).toEqual([403, "cross_origin"]);
    expect(await console.queue("turns").isPaused()).toBe(false);
    expect(console.logs()).toContain('"audit":"cross_origin_refused"');
  });

  it.each<[string, string, unknown]>([
    ["POST", "inbound/add", { name: "text", data: { v: 1 } }],
    ["PATCH", "inbound/job-1/update-data", { jobData: { content: "[redacted: 3 characters]" } }],
    ["PATCH", "inbound/job-1/priority", { priority: 1 }],
    ["PUT", "inbound/empty", {}],
    ["PUT", "inbound/obliterate", { force: true }],
    ["PUT", "inbound/job-schedulers/tick/remove", {}],
  ])("never destroys or invents a job: %s %s is refused and written down", async (method, path, json) => {
    const queue = console.queue("inbound");
    await queue.add("text", { v: 1, content: "the original" }, { jobId: "job-1", delay: 3600_000 });
    await queue.upsertJobScheduler("tick", { every: 3600_000 });
    const before = await queue.getJobCounts();

    expect((await write(path, { method, json })).status).toBe(403);

    expect(await queue.getJobCounts()).toEqual(before);
    expect((await queue.getJob("job-1"))?.data).toEqual({ v: 1, content: "the original" });
    expect(await queue.getJobSchedulersCount()).toBe(1);
    expect(audited()).toEqual([{ operator: USER, method, path: `/queues/api/queues/${path}`, status: 403 }]);
  });
});

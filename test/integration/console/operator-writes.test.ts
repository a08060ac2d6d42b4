import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import { waitUntil } from "../../support/wait-until.ts";
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
    ["none", { csrf: null }],
    ["a wrong one", { csrf: "x".repeat(43) }],
    ["an empty one", { csrf: "" }],
  ])("is refused with %s for a token, in spite of cookie and origin", async (_which, options) => {
    const answer = await write("turns/pause", { headers: { accept: "application/json" }, ...options });
    expect([answer.status, JSON.parse(answer.text).error]).toEqual([403, "csrf"]);
    expect(await console.queue("turns").isPaused()).toBe(false);
    await waitUntil("it is written down", () => console.logs().includes('"audit":"csrf_refused"'));
  });

  it("is refused with the token of another session", async () => {
    const other = /XSRF-TOKEN=([\w-]+)/.exec(await openSession(console.url))?.[1] ?? "";
    expect((await write("turns/pause", { csrf: other })).status).toBe(403);
    expect((await write("turns/pause")).status).toBe(200);
  });

  it("is on the audit page: who, what, when and from where, in two languages", async () => {
    await write("turns/pause");
    await request(console.url, "/access/revoke", {
      method: "POST",
      cookie,
      form: { app: "none", user: "x" },
    });
    const audit = (language: string) =>
      request(console.url, "/audit", { cookie: `${cookie}; wgw_lang=${language}` });
    const { text } = await audit("en");
    const rows = [...text.matchAll(/<tr>(.*?)<\/tr>/gs)]
      .slice(1)
      .map(([, row = ""]) => row.replace(/<[^>]+>|\s+/g, " "));
    expect(rows[0]).toMatch(
      /operator .*decided who may talk .*action revoke · app none · userId x · outcome unknownApp/,
    );
    expect(rows[1]).toMatch(
      /operator .*changed a queue or a job .*PUT · path \/queues\/api\/queues\/turns\/pause · status 200 .*127\.0\.0\.1/,
    );
    expect(rows[2]).toMatch(/operator .*signed in/);
    expect((await audit("zh-CN")).text).toContain("修改队列或任务");
  });

  it("is shown page by page, and what another version wrote does no harm", async () => {
    const key = `${redis.prefix}:console:audit`;
    const client = redis.client();
    const entry = JSON.stringify({ audit: "signed_out", operator: USER, address: "10.0.0.9", details: {} });
    for (let count = 0; count < 120; count += 1) await client.xadd(key, "*", "entry", entry);
    await client.xadd(key, "*", "entry", '{"audit":"teleported"}');
    await client.xadd(key, "*", "other", "{half");
    const first = await request(console.url, "/audit", { cookie });
    expect(first.text.match(/10\.0\.0\.9/g)?.length).toBe(98);
    const [, older = ""] = /href="(\/audit\?before=[\d-]+)"/.exec(first.text) ?? [];
    const second = await request(console.url, older, { cookie });
    expect(second.text.match(/10\.0\.0\.9/g)?.length).toBe(22);
    expect(second.text).toContain("signed in");
    expect((await request(console.url, "/audit?before=%27%3Bdrop", { cookie })).status).toBe(200);
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
    await waitUntil("it is written down", () => console.logs().includes('"audit":"cross_origin_refused"'));
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

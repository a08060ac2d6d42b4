import type { AppBreaker } from "@gateway/wecom-client";
import { createAppBreaker, readAppProblems, WecomError } from "@gateway/wecom-client";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Redis } from "ioredis";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import { waitUntil } from "../../support/wait-until.ts";

let server: TestRedis;
let redis: Redis;
let apps = 0;

beforeAll(async () => {
  server = await startRedis();
  redis = server.client();
});
afterAll(() => server.stop());

const breaker = (firstPauseMs = 30_000) =>
  createAppBreaker({
    redis: server.client(),
    prefix: server.prefix,
    times: { firstPauseMs, longestPauseMs: firstPauseMs * 4 },
  });
const newApp = () => ({ corpId: `ww${++apps}`, agentId: "2" });

function problem(errcode: number, summary = `errcode ${errcode}`): WecomError {
  const where = { api: "message/send", app: "ww/2" };
  return new WecomError({
    ...where,
    code: `errcode_${errcode}`,
    errcode,
    kind: "configuration",
    summary,
    hint: "what to do",
  });
}

const probeOf = (from: AppBreaker, app: { corpId: string; agentId: string }) =>
  waitUntil("a probe may go", async () => {
    const entry = await from.enter(app);
    return entry.status === "probe" ? entry.probe : undefined;
  });

describe("the breaker of an app", () => {
  it("opens for every process at the first failure, and says so once", async () => {
    const [one, other] = [breaker(), breaker()];
    const app = newApp();
    expect(await one.enter(app)).toEqual({ status: "closed" });
    const failures = await Promise.all([
      one.fail(app, problem(60020)),
      other.fail(app, problem(60020)),
      one.fail(app, problem(60020)),
    ]);
    expect(failures.map(({ news }) => news).sort()).toEqual(["known", "known", "opened"]);
    expect(await other.enter(app)).toMatchObject({ status: "open" });
    expect(await other.enter(newApp())).toEqual({ status: "closed" });
  });

  it("tells whoever asks which app is held, since when, why and what to do", async () => {
    const app = newApp();
    await breaker().fail(app, problem(60020, "errcode 60020 (seen address 203.0.113.7)"));
    const name = `${app.corpId}/${app.agentId}`;
    const found = (await readAppProblems(redis, server.prefix)).find((each) => each.app === name);
    expect(found).toMatchObject({
      open: true,
      errcode: 60020,
      cause: "errcode 60020 (seen address 203.0.113.7)",
      whatToDo: "what to do",
    });
    expect(found?.nextProbeAtMs).toBeGreaterThan(found?.sinceMs ?? Number.POSITIVE_INFINITY);
  });

  it("lets one probe go at a time and closes when it proves that the app works", async () => {
    const [one, other] = [breaker(50), breaker(50)];
    const app = newApp();
    await one.fail(app, problem(50003));
    const probe = await probeOf(one, app);
    expect(await other.enter(app)).toMatchObject({ status: "open" });
    expect(await other.heal(app, "not the probe")).toBeUndefined();
    expect(await one.heal(app, probe)).toBeGreaterThanOrEqual(50);
    expect(await other.enter(app)).toEqual({ status: "closed" });
    const open = await readAppProblems(redis, server.prefix);
    expect(open.map((each) => each.app)).not.toContain(`${app.corpId}/${app.agentId}`);
  });

  it("waits longer after every probe that fails, and tells when the reason is another one", async () => {
    const from = breaker(50);
    const app = newApp();
    await from.fail(app, problem(60020));
    const first = await from.fail(app, problem(60020), await probeOf(from, app));
    expect(first).toMatchObject({ news: "known", afterMs: 100 });
    const second = await from.fail(app, problem(40001), await probeOf(from, app));
    expect(second).toMatchObject({ news: "changed", afterMs: 200 });
    const third = await from.fail(app, problem(40001), await probeOf(from, app));
    expect(third).toMatchObject({ news: "known", afterMs: 200 });
  });

  it("goes on probing after a probe that proved nothing", async () => {
    const from = breaker(50);
    const app = newApp();
    await from.fail(app, problem(60020));
    const probe = await probeOf(from, app);
    await from.release(app, probe);
    expect(await from.enter(app)).toMatchObject({ status: "open" });
    expect(await probeOf(from, app)).not.toBe(probe);
  });
});

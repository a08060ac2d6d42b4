import { conversationId, createKeys, createTimelines, digestTimeline } from "@gateway/conversation";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";

let server: TestRedis;
let nowMs: number;
beforeEach(async () => {
  server = await startRedis();
  nowMs = 1_700_000_000_000;
});
afterEach(() => server.stop());

function open(limits: NonNullable<Parameters<typeof createTimelines>[0]["limits"]> = {}) {
  const keys = createKeys(server.prefix);
  return createTimelines({ redis: server.client(), keys, now: () => nowMs++, limits });
}

function accepted(userId: string, corpId = "ww1", agentId = "2") {
  const conversation = conversationId({ corpId, agentId, userId });
  return { type: "accepted", conversation, app: `app-${corpId}`, kind: "text", lane: "turn" } as const;
}

describe("timelines", () => {
  it("find messages by user in any case, by app, by both and by time, the newest first", async () => {
    const timelines = open();
    await timelines.append(["a1"], accepted("ZhangSan"));
    await timelines.append(["b1"], accepted("lisi"));
    const middleMs = nowMs;
    await timelines.append(["a2"], accepted("zhangsan", "ww2"));
    await timelines.append(["a3"], accepted("zhangsan"));
    const ids = async (query: object) =>
      (await timelines.search({ limit: 10, ...query })).map(({ id }) => id);

    expect(await ids({})).toEqual(["a3", "a2", "b1", "a1"]);
    expect(await ids({ limit: 2, offset: 1 })).toEqual(["a2", "b1"]);
    expect(await ids({ user: "ZHANGSAN" })).toEqual(["a3", "a2", "a1"]);
    expect(await ids({ app: { corpId: "ww1", agentId: "2" } })).toEqual(["a3", "b1", "a1"]);
    expect(await ids({ user: "zhangsan", app: { corpId: "ww1", agentId: "2" } })).toEqual(["a3", "a1"]);
    expect(await ids({ fromMs: middleMs })).toEqual(["a3", "a2"]);
    expect(await ids({ toMs: middleMs - 1 })).toEqual(["b1", "a1"]);
    expect(await ids({ user: "nobody" })).toEqual([]);
    expect(await timelines.apps()).toEqual([
      { corpId: "ww1", agentId: "2", name: "app-ww1" },
      { corpId: "ww2", agentId: "2", name: "app-ww2" },
    ]);
  });

  it("find a background task under its person", async () => {
    const timelines = open();
    await timelines.append(["bg"], accepted("zhangsan\u0000bg-ABCD"));
    expect((await timelines.search({ user: "zhangsan", limit: 5 })).map(({ id }) => id)).toEqual(["bg"]);
  });

  it("are no more than there is room for: the oldest goes with everything of it", async () => {
    const timelines = open({ messages: 3, perUser: 2 });
    for (const id of ["m1", "m2", "m3", "m4", "m5"]) {
      await timelines.append([id], accepted("zhangsan"));
      await timelines.append([id], { type: "released" });
    }
    expect((await timelines.search({ limit: 10 })).map(({ id }) => id)).toEqual(["m5", "m4", "m3"]);
    expect((await timelines.search({ user: "zhangsan", limit: 10 })).map(({ id }) => id)).toEqual([
      "m5",
      "m4",
    ]);
    expect((await timelines.read("m1")).events).toEqual([]);
    const keys = await server.client().keys(`${server.prefix}:timeline:*`);
    expect(keys.length).toBe(3);
    for (const key of await server.client().keys(`${server.prefix}:timeline*`))
      if (!/(:timelines|:timeline-apps)$/.test(key))
        expect(await server.client().pttl(key)).toBeGreaterThan(0);
  });

  it("lose the middle of a story that is too long, never its beginning or its end", async () => {
    const timelines = open({ events: 6, begin: 2 });
    await timelines.append(["m1"], accepted("zhangsan"));
    for (let attempt = 1; attempt <= 20; attempt += 1)
      await timelines.append(["m1"], { type: "run_started", attempt, runner: "demo" });
    const { events } = await timelines.read("m1");
    expect(events.map((event) => ("attempt" in event ? event.attempt : event.type))).toEqual([
      ...["accepted", 1],
      ...["omitted", 18, 19, 20],
    ]);
    expect(events[2]).toMatchObject({ type: "omitted", count: 16 });
  });

  it("begin with the acceptance, once, whoever was quicker", async () => {
    const timelines = open();
    const { conversation, ...rest } = accepted("zhangsan");
    await timelines.append(["m1"], {
      type: "claimed",
      conversation,
      turnId: "re-m1",
      attempt: 1,
      messages: 1,
    });
    await timelines.append(["m1"], { conversation, ...rest }, { atMs: 1_699_999_999_000, worker: "w1" });
    await timelines.append(["m1"], { conversation, ...rest }, { atMs: 1_699_999_999_000, worker: "w2" });
    const timeline = await timelines.read("m1");
    expect(timeline.events.map(({ type }) => type)).toEqual(["accepted", "claimed"]);
    expect(digestTimeline(timeline)).toMatchObject({
      ...{ state: "running", app: "app-ww1", kind: "text", startedAtMs: 1_699_999_999_000 },
      ...{ endedAtMs: undefined, code: undefined },
    });
  });

  it("pass over what a newer version wrote", async () => {
    const timelines = open();
    await timelines.append(["m1"], accepted("zhangsan"));
    await server.client().rpush(`${server.prefix}:timeline:m1`, '{"type":"teleported","atMs":1}', "{half");
    expect((await timelines.read("m1")).events.map(({ type }) => type)).toEqual(["accepted"]);
  });
});

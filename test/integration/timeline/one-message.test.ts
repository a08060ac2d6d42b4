import type { StoredTimelineEvent } from "@gateway/conversation";
import { digestTimeline } from "@gateway/conversation";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { TestGateway } from "./harness.ts";
import { eventsUntil, startGateway } from "./harness.ts";

const typesOf = (events: readonly StoredTimelineEvent[]) => events.map(({ type }) => type);

describe("the timeline of a message", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway.stop());

  it("tells everything from the acceptance to the last part, in order, without content", async () => {
    const id = await gateway.say("zhangsan", "report about my salary");
    const events = await eventsUntil(gateway, id, "finished");
    const sends = events.filter((event) => event.type === "send");
    expect(typesOf(events)).toEqual([
      ...["accepted", "claimed", "run_started", "run_ended", "planned"],
      ...sends.map(() => "send"),
      "finished",
    ]);
    expect(sends.length).toBeGreaterThan(2);
    expect(sends.map(({ part, outcome, attempt }) => [part, outcome, attempt])).toEqual(
      sends.map((_, index) => [index, "sent", 1]),
    );
    expect(events.find(({ type }) => type === "planned")).toMatchObject({
      parts: sends.length,
      kind: "answer",
    });
    expect(events.map(({ atMs }) => atMs)).toEqual(events.map(({ atMs }) => atMs).sort());
    expect(digestTimeline({ events })).toMatchObject({ state: "delivered", app: "default", kind: "text" });
    expect(JSON.stringify(events)).not.toMatch(/salary|report|季度/);
  });

  it("tells each failed attempt with its code, and what came of it", async () => {
    gateway.emulator.setFaults([
      { match: { path: "message/send", user: "lisi" }, action: { type: "errcode", errcode: -1 } },
      { match: { path: "message/send", user: "lisi" }, action: { type: "errcode", errcode: 81013 } },
    ]);
    const id = await gateway.say("lisi", "hello");
    const events = await eventsUntil(gateway, id, "finished");
    expect(events.filter((event) => event.type === "send")).toMatchObject([
      { outcome: "not_sent", code: "errcode_-1", attempt: 1 },
      { outcome: "refused", code: "errcode_81013", attempt: 2 },
    ]);
    expect(typesOf(events).slice(-2)).toEqual(["dead", "finished"]);
    expect(digestTimeline({ events })).toMatchObject({ state: "dead", code: "errcode_81013" });
  });

  it("tells that a command was handled", async () => {
    const id = await gateway.say("wangwu", "/whoami");
    const events = await eventsUntil(gateway, id, "finished");
    expect(typesOf(events)).toEqual(["accepted", "planned", "send", "finished"]);
    expect(events[0]).toMatchObject({ lane: "control" });
  });

  it("tells a failed run, though the person was told of it", async () => {
    const id = await gateway.say("zhaoliu", "fail");
    const events = await eventsUntil(gateway, id, "finished");
    expect(typesOf(events)).toEqual([
      ...["accepted", "claimed", "run_started", "run_ended", "dead", "planned", "send", "finished"],
    ]);
    expect(digestTimeline({ events })).toMatchObject({ state: "dead", code: "agent" });
  });

  it("of one that was dropped unread says so, and that its person wanted it", async () => {
    const first = await gateway.say("qianba", "long 1800");
    await eventsUntil(gateway, first, "run_started");
    const second = await gateway.say("qianba", "never mind this one");
    await eventsUntil(gateway, second, "accepted");
    await gateway.say("qianba", "/stop all");
    const events = await eventsUntil(gateway, second, "cleared");
    // The word about its place in the queue may be delivered later than that.
    expect(events).toContainEqual(expect.objectContaining({ type: "cleared", why: "command" }));
    expect(digestTimeline({ events }).state).toBe("dropped");
    await eventsUntil(gateway, first, "run_ended");
  });

  it("of one that a running turn took in says which", async () => {
    const first = await gateway.say("sunqi", "long 3");
    await eventsUntil(gateway, first, "run_started");
    await gateway.say("sunqi", "/busy steer");
    const second = await gateway.say("sunqi", "and in blue, please");
    const events = await eventsUntil(gateway, second, "joined");
    expect(events.at(-1)).toMatchObject({ type: "joined", turnId: `re-${first}` });
    expect(digestTimeline({ events }).state).toBe("joined");
  });
});

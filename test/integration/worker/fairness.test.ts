import { afterEach, describe, expect, it } from "@jest/globals";
import type { Turn, TurnResult } from "../../../services/worker/src/runners/runner.ts";
import { waitUntil } from "../../support/wait-until.ts";
import type { WorkerHarness, WorkerOptions } from "./harness.ts";
import { startHarness } from "./harness.ts";

// Retires the risk that one corp's backlog makes another corp's first message wait. Judged by order, not by time:
// the agents of the crowded apps do not end before the test lets them.

const CONCURRENCY = 10;
const CROWD = 300;
/** What a machine with other work may need for a crowd. */
const SLOW = { timeoutMs: 90_000 };

/** An agent that works until the test opens the door, except for those whom nobody holds up. */
function createDoor(isHeld: (turn: Turn) => boolean) {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  /** The turns that were begun and ended, in order. */
  const begun: Turn[] = [];
  const ended: Turn[] = [];
  return {
    begun,
    ended,
    open,
    async run(turn: Turn): Promise<TurnResult> {
      begun.push(turn);
      if (isHeld(turn)) await opened;
      ended.push(turn);
      return { status: "done", text: `re: ${turn.text}` };
    },
  };
}

describe("a worker with a crowd", () => {
  let harness: WorkerHarness | undefined;
  let door: ReturnType<typeof createDoor> | undefined;
  afterEach(async () => {
    door?.open();
    await harness?.stop();
  });

  async function start(isHeld: (turn: Turn) => boolean, options: Omit<WorkerOptions, "run"> = {}) {
    const held = createDoor(isHeld);
    const started = await startHarness({ concurrency: CONCURRENCY, ...options, run: held.run });
    door = held;
    harness = started;
    return { ...started, ...held };
  }
  type Started = Awaited<ReturnType<typeof start>>;
  const crowd = ({ say }: Started, app: string, size = CROWD) =>
    Promise.all(Array.from({ length: size }, (_, index) => say(app, `${app}-${index}`, "work")));
  const running = ({ begun, ended }: Started) => begun.length - ended.length;

  it("answers another app's first message before the crowd's first is done", async () => {
    const worker = await start(({ appName }) => appName === "crowded", { apps: ["crowded", "quiet"] });
    await crowd(worker, "crowded");
    await waitUntil("the crowd works", () => running(worker) >= CONCURRENCY / 2);
    await worker.say("quiet", "newcomer", "hello");
    await worker.hears("newcomer", /re: hello/);
    expect(worker.texts({ app: "crowded" })).toEqual([]);
    // And the crowd is not forgotten.
    worker.open();
    await waitUntil("everybody is answered", () => worker.texts({ app: "crowded" }).length === CROWD, SLOW);
  }, 120_000);

  it("calls those who wait when there is room, before they would ask again by themselves", async () => {
    const worker = await start(({ appName }) => appName === "crowded", { apps: ["crowded", "quiet"] });
    const { redis, prefix } = worker;
    await crowd(worker, "crowded", 40);
    await waitUntil("all others wait", async () => {
      const waiting = await redis.zcard(`${prefix}:turns:delayed`);
      return waiting === 40 - CONCURRENCY / 2;
    });
    worker.open();
    await waitUntil("everybody is answered", () => worker.texts({ app: "crowded" }).length === 40, SLOW);
    const asksAt = new Map<string, number>();
    let called = 0;
    for (const [id, fields] of await redis.xrange(`${prefix}:turns:events`, "-", "+")) {
      const { event, jobId = "", delay } = pairs(fields);
      if (event === "delayed") asksAt.set(jobId, Number(delay));
      else if (event === "active" && Number.parseInt(id, 10) < (asksAt.get(jobId) ?? 0)) called += 1;
    }
    expect(called).toBeGreaterThan(5);
  });

  it("would not without a share: the same newcomer comes after the crowd", async () => {
    const worker = await start(({ appName }) => appName === "crowded", {
      apps: ["crowded", "quiet"],
      countApps: 1,
    });
    await crowd(worker, "crowded");
    await worker.untilNoticed();
    await waitUntil("the crowd works", () => running(worker) === CONCURRENCY);
    await worker.say("quiet", "newcomer", "hello");
    worker.open();
    await worker.hears("newcomer", /re: hello/);
    const before = worker.begun.findIndex(({ appName }) => appName === "quiet");
    expect(before).toBeGreaterThan(CROWD / 2);
  });

  it("keeps room for one more app, however many are crowded", async () => {
    const apps = ["crowded", "packed", "full", "quiet"];
    const worker = await start(({ appName }) => appName !== "quiet", { apps });
    for (const app of apps.slice(0, 3)) await crowd(worker, app, 40);
    await worker.untilNoticed();
    await waitUntil("each crowd works", () => new Set(worker.begun.map(({ appName }) => appName)).size === 3);
    await worker.say("quiet", "newcomer", "hello");
    await worker.hears("newcomer", /re: hello/);
    expect(worker.ended).toHaveLength(1);
  });

  it("sends another app's replies while WeCom does not answer one app at all", async () => {
    const apps = ["crowded", "quiet"];
    const worker = await start(() => false, { apps });
    worker.emulator.setFaults([
      {
        match: { path: "message/send", corp: worker.corpOf("crowded") },
        times: "always",
        action: { type: "hang" },
      },
    ]);
    await crowd(worker, "crowded", 100);
    await waitUntil("the crowd's agents are done", () => worker.ended.length === 100);
    await worker.say("quiet", "newcomer", "hello");
    await worker.hears("newcomer", /re: hello/);
    // Most of the crowd's replies have not even been tried.
    expect(worker.emulator.calls({ path: "message/send", app: "crowded" }).length).toBeLessThan(50);
  });

  it("does nothing for a crowd's messages that they do not need: no job for commands, none for replies before there is one", async () => {
    const worker = await start(() => true);
    await crowd(worker, "main", 30);
    await worker.untilNoticed();
    expect(await worker.jobsDone("control")).toBe(0);
    expect(await worker.jobsDone("deliver")).toBe(0);
    await worker.say("main", "main-0", "/status");
    await waitUntil("the command is handled", async () => (await worker.jobsDone("control")) === 1);
  });

  it("takes a conversation's messages in turns with the others'", async () => {
    let first = true;
    const worker = await start(({ text }) => text === "1" && first, { concurrency: 1 });
    const startMs = Date.now() - 1_000_000;
    for (let n = 1; n <= 30; n += 1) await worker.say("main", "talker", String(n), startMs + n * 10_000);
    await waitUntil("the first is with the agent", () => worker.begun.length === 1);
    for (let n = 1; n <= 5; n += 1) await worker.say("main", `other-${n}`, "hello");
    await worker.untilNoticed();
    first = false;
    worker.open();
    await waitUntil("everybody is answered", () => worker.ended.length === 35);
    const users = worker.begun.map(({ conversation }) => conversation.userId);
    expect([users[0], users[6]]).toEqual(["talker", "talker"]);
    expect(users.slice(1, 6).sort()).toEqual([1, 2, 3, 4, 5].map((n) => `other-${n}`));
    const talk = worker.begun.filter(({ conversation }) => conversation.userId === "talker");
    expect(talk.map(({ text }) => text)).toEqual(Array.from({ length: 30 }, (_, index) => String(index + 1)));
  });
});

/** The fields of an entry of a stream. */
function pairs(fields: readonly string[]): { [field: string]: string | undefined } {
  return Object.fromEntries(fields.flatMap((field, at) => (at % 2 === 0 ? [[field, fields[at + 1]]] : [])));
}

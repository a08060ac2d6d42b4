import { createTexts } from "@gateway/texts";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { pino } from "pino";
import { dueAfterSeconds, startNotices } from "./notices.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const card = { body: { msgtype: "text", text: { content: "card" } }, fallback: "" } as const;

interface Given {
  readonly fail?: boolean;
  readonly cardAfter?: number;
  /** How long ago the turn began. */
  readonly agoSeconds?: number;
  /** What an earlier attempt left on the screen. */
  readonly earlier?: readonly string[];
}

function start(
  afterSeconds: readonly number[],
  { fail = false, cardAfter = 0, agoSeconds = 0, earlier }: Given = {},
) {
  const sent: { name: string; text: string; kind: string; recalls: readonly string[] }[] = [];
  const notices = startNotices({
    texts: createTexts("en"),
    afterSeconds,
    ...(cardAfter === 0 ? {} : { card: { afterSeconds: cardAfter, make: () => card } }),
    ...(earlier === undefined ? {} : { earlier: async () => earlier }),
    startedAtMs: Date.now() - agoSeconds * 1000,
    now: Date.now,
    send: async (name, { text }, { kind, recalls }) => {
      if (fail) throw new Error("Redis is away");
      sent.push({ name, text, kind, recalls });
      return `no-${name}`;
    },
    logger: pino({ level: "silent" }),
  });
  return { sent, notices };
}

const pass = (seconds: number) => jest.advanceTimersByTimeAsync(seconds * 1000);

describe("startNotices", () => {
  it("says nothing about a quick answer", async () => {
    const { sent, notices } = start([15, 60]);
    await pass(14);
    expect(await notices.stop()).toEqual([]);
    await pass(600);
    expect(sent).toEqual([]);
  });

  it("tells how long it has taken and what it is doing, and takes the earlier notice back", async () => {
    const { sent, notices } = start([15, 60]);
    await pass(15);
    notices.observe("reading the files");
    await pass(45);
    expect(sent).toMatchObject([
      { name: "0", text: expect.stringContaining("15 s"), recalls: [] },
      { name: "1", text: expect.stringContaining("reading the files"), recalls: ["no-0"] },
    ]);
    expect(await notices.stop()).toEqual(["no-1"]);
  });

  it("goes on for as long as the run does, at the last interval", async () => {
    const { sent, notices } = start([10, 20]);
    await pass(50);
    expect(sent.map(({ name }) => name)).toEqual(["0", "1", "2", "3", "4"]);
    await notices.stop();
  });

  it("shows a card in the first notice's place, which no later one takes back", async () => {
    const { sent, notices } = start([15, 60], { cardAfter: 5 });
    await pass(59);
    expect(sent).toEqual([{ name: "card", text: "", kind: "notice", recalls: [] }]);
    await pass(46);
    expect(sent.slice(1)).toMatchObject([
      { name: "1", recalls: [] },
      { name: "2", recalls: ["no-1"] },
    ]);
    expect(await notices.stop()).toEqual(["no-2"]);
  });

  it("shows no card for a quick answer", async () => {
    const { sent, notices } = start([15], { cardAfter: 5 });
    await pass(4);
    await notices.stop();
    await pass(600);
    expect(sent).toEqual([]);
  });

  it("leaves what was said in between on the screen", async () => {
    const { sent, notices } = start([15]);
    notices.say("resumed", "going on");
    await pass(15);
    // What has to arrive is no notice: delivery leaves those out when something newer follows.
    expect(sent.map(({ kind, recalls }) => [kind, recalls])).toEqual([
      ["system", []],
      ["notice", []],
    ]);
    expect(await notices.stop()).toEqual(["no-0"]);
  });

  it("goes on where an earlier attempt ended, and takes back what that one left", async () => {
    const { sent, notices } = start([15, 60, 180], { agoSeconds: 70, earlier: ["no-1"] });
    await pass(109);
    expect(sent).toEqual([]);
    await pass(1);
    expect(sent).toMatchObject([{ name: "2", text: expect.stringContaining("3 min"), recalls: ["no-1"] }]);
    expect(await notices.stop()).toEqual(["no-2"]);
  });

  it("has what an earlier attempt left taken back when there is nothing new to say", async () => {
    const { notices } = start([15], { agoSeconds: 20, earlier: ["no-0"] });
    expect(await notices.stop()).toEqual(["no-0"]);
  });

  it("tells at once what became due before the run, and once", async () => {
    const { sent, notices } = start([15, 60, 180], { agoSeconds: 70 });
    await pass(109);
    expect(sent).toMatchObject([{ name: "1", text: expect.stringContaining("1 min 10 s"), recalls: [] }]);
    await notices.stop();
  });

  it("does not stop a run because a notice could not be stored", async () => {
    const { notices } = start([1], { fail: true });
    await pass(5);
    expect(await notices.stop()).toEqual([]);
  });

  it("repeats the last interval of the list", () => {
    expect([0, 1, 2, 3, 4].map((index) => dueAfterSeconds([15, 60, 180], index))).toEqual([
      15, 60, 180, 300, 420,
    ]);
  });
});

import { describe, expect, it } from "@jest/globals";
import type { CheckOptions } from "./check-history.ts";
import { checkHistory } from "./check-history.ts";
import { countWorkersLost } from "./check-set-aside.ts";
import type { HistoryEvent, WorkerEvent } from "./history.ts";

// A checker that never complains proves nothing: each rule is given a history that breaks it.

const OPTIONS = { maxAttempts: 2, toldWithinMs: 1000 };
/** The message that nobody minds losing. */
const FORGOTTEN = { ...OPTIONS, maySetAside: ({ message }: { message: string }) => message === "1" };
const WORKER = 7;

const push = (message: string, atMs: number, conversation = "ann"): HistoryEvent => ({
  type: "push",
  ...{ message, conversation, atMs },
});
const ack = (message: string, atMs: number): HistoryEvent => ({ type: "ack", message, atMs });
const start = (run: string, message: string, atMs: number, worker = WORKER): HistoryEvent => ({
  type: "run-start",
  ...{ run, worker, conversation: "ann", messages: [message], atMs },
});
const end = (run: string, atMs: number, how: "answered" | "stopped" = "answered"): HistoryEvent => ({
  type: "run-end",
  ...{ run, how, atMs },
});
const send = (
  text: string,
  atMs: number,
  more: { fate?: "shown" | "suppressed" | "dropped"; body?: string; conversation?: string } = {},
): HistoryEvent => ({
  type: "send",
  ...{ conversation: "ann", fate: "shown" as const, body: `${text} at ${atMs}`, text, atMs },
  ...more,
});
const worker = (what: WorkerEvent["what"], atMs: number): HistoryEvent => ({
  type: "worker",
  ...{ worker: WORKER, what, atMs },
});
const dead = (message: string, what: "message" | "reply" = "message", code = "poison"): HistoryEvent => ({
  type: "dead-letter",
  ...{ what, messages: [message], code, atMs: 1000 },
});
const failure = (message: string) => `Sorry. The reference:\ncb-ww1-2-ann-${message}`;

const rulesBroken = (events: readonly HistoryEvent[], options: CheckOptions = OPTIONS) =>
  checkHistory(events, options).map(({ rule }) => rule);

/** One message from push to answer. */
const GOOD = [
  push("1", 10),
  ack("1", 20),
  start("a", "1", 30),
  end("a", 40),
  send("1 1/2 x", 50),
  send("1 2/2 x", 60),
];

describe("checkHistory", () => {
  it("is content with a good history", () => {
    expect(rulesBroken([...GOOD, push("2", 70), ack("2", 80), send("2 1/1", 90)])).toEqual([]);
  });

  it("is content with a retry of the pusher, a suppressed second send and a person's other messages", () => {
    expect(
      rulesBroken([
        push("1", 1),
        ...GOOD,
        ack("1", 65),
        send("1 2/2 x", 70, { fate: "suppressed", body: "1 2/2 x at 60" }),
        send("still working", 80),
      ]),
    ).toEqual([]);
  });

  it.each<[string, readonly HistoryEvent[]]>([
    ["a dead letter and words about it", [push("1", 1), ack("1", 2), send(failure("1"), 3), dead("1")]],
    ["a dead letter", [push("1", 1), ack("1", 2), dead("1")]],
    ["the dead letter of a reply", [...GOOD.slice(0, -1), dead("1", "reply")]],
  ])("is content with %s instead of an answer, where that is allowed and nowhere else", (_what, events) => {
    expect(rulesBroken(events, FORGOTTEN)).toEqual([]);
    expect(new Set(rulesBroken(events))).toEqual(new Set(["set-aside"]));
    const byCode: CheckOptions = { ...OPTIONS, maySetAside: ({ code }) => code === "outcome_unknown" };
    expect(new Set(rulesBroken(events, byCode))).toEqual(new Set(["set-aside"]));
  });

  it("counts the workers that were lost while a message waited, each once", () => {
    const [before, ...meanwhile] = [
      worker("killed", 5),
      worker("killed", 500),
      worker("declared-dead", 600),
      { ...worker("declared-dead", 700), worker: 8 } as HistoryEvent,
      { ...worker("killed", 1001), worker: 9 } as HistoryEvent,
      { ...worker("told", 800), worker: 10 } as HistoryEvent,
    ];
    const events = [before, push("1", 10), push("1", 550), ...meanwhile] as HistoryEvent[];
    const one = { what: "message", code: "poison", atMs: 1000, message: "1", conversation: "ann" } as const;
    expect(countWorkersLost(events, one)).toBe(2);
  });

  it("finds set-aside: every reply lies as a dead letter, and nobody is told", () => {
    const lost = ["2", "3", "4"].flatMap((id) => [push(id, 1), ack(id, 2), dead(id, "reply", "internal")]);
    expect(rulesBroken([...GOOD, ...lost], FORGOTTEN)).toEqual(["set-aside", "set-aside", "set-aside"]);
  });

  it("finds set-aside: a failure is told, and no dead letter belongs to it", () => {
    expect(rulesBroken([push("1", 1), ack("1", 2), send(failure("1"), 3)], FORGOTTEN)).toEqual(["set-aside"]);
  });

  it.each<[string, string, readonly HistoryEvent[]]>([
    ["never-acknowledged", "a message was lost before it was stored", [push("1", 1)]],
    ["no-reply", "a message vanished", GOOD.slice(0, 2)],
    ["no-reply", "the answer was dropped", [...GOOD.slice(0, 2), send("1 1/1", 50, { fate: "dropped" })]],
    ["incomplete-reply", "a chunk is missing", GOOD.slice(0, -1)],
    ["shown-twice", "a line in two different messages", [...GOOD, send("1 2/2 x", 70)]],
    [
      "shown-twice",
      "the same notice",
      [...GOOD, send("notice", 70, { body: "n" }), send("notice", 71, { body: "n" })],
    ],
    [
      "shown-twice",
      "the same failure",
      [...GOOD.slice(0, 2), send(failure("1"), 3), send(failure("1"), 4), dead("1")],
    ],
    [
      "out-of-order",
      "an answer overtook another",
      [...[push("1", 1), ack("1", 2), push("2", 3), ack("2", 4)], ...[send("2 1/1", 5), send("1 1/1", 6)]],
    ],
    [
      "chunks-out-of-order",
      "lines changed places",
      [...GOOD.slice(0, 4), send("1 2/2", 50), send("1 1/2", 60)],
    ],
    [
      "chunks-out-of-order",
      "another answer came between",
      [...GOOD.slice(0, 5), push("2", 11), ack("2", 90), send("2 1/1", 55), send("1 2/2", 60)],
    ],
    ["too-many-runs", "the limit was ignored", [...runs("1", 3), ...GOOD]],
    ["answered-and-run-again", "a committed turn ran again", [...GOOD, start("b", "1", 51), end("b", 52)]],
    ["answered-and-dead", "a letter lies", [...GOOD, dead("1")]],
    [
      "ended-by-itself",
      "a worker that crashed, and the other took over",
      [...GOOD, { type: "ended", how: "worker 7: code 1" } as const],
    ],
    [
      "wrong-person",
      "an answer reached somebody else",
      [...GOOD.slice(0, 4), send("1 1/1", 50, { conversation: "second/ann" })],
    ],
    [
      "wrong-person",
      "the agent took it for somebody else's",
      [push("1", 10, "bob"), ...GOOD.slice(1, 4), send("1 1/1", 50, { conversation: "bob" })],
    ],
    [
      "too-fast",
      "the thirty-first message within a minute",
      [...GOOD, ...Array.from({ length: 29 }, (_, index) => send(`notice ${index}`, 100 + index))],
    ],
  ])("finds %s: %s", (rule, _what, events) => {
    expect(rulesBroken(events, FORGOTTEN)).toEqual([rule]);
  });

  it("lets thirty messages through in a minute, and a minute later as many", () => {
    const thirty = (fromMs: number) =>
      Array.from({ length: 30 }, (_, index) => send(`notice ${index}`, fromMs + index));
    expect(rulesBroken([...thirty(0), ...thirty(60_000)])).toEqual([]);
  });

  it("does not ask for an order between messages that were under way together", () => {
    const together = [push("1", 1), push("2", 1), ack("1", 2), ack("2", 2)];
    expect(rulesBroken([...together, send("2 1/1", 5), send("1 1/1", 6)])).toEqual([]);
  });

  it("keeps conversations apart", () => {
    const bob = [push("2", 10, "bob"), ack("2", 20), send("2 1/1", 55, { conversation: "bob" })];
    expect(rulesBroken([...GOOD.slice(0, 5), ...bob, ...GOOD.slice(5)])).toEqual([]);
  });

  it("does not count runs that were handed over", () => {
    const handedOver = ["x", "y"].flatMap((run, index) => [
      start(run, "1", 21 + index),
      end(run, 21 + index, "stopped"),
    ]);
    expect(rulesBroken([...GOOD.slice(0, 2), ...handedOver, ...runs("1", 1), ...GOOD.slice(2)])).toEqual([]);
  });

  it.each<[string, number, string[]]>([
    ["just before its answer was committed", 24, []],
    ["while the job was on its way to it", 19, []],
    ["long after", 9000, ["too-many-runs"]],
  ])("judges a run by when its worker was told to end: %s", (_when, toldMs, rules) => {
    const history = [...GOOD.slice(0, 2), ...runs("1", 2), worker("told", toldMs), ...GOOD.slice(2)];
    expect(rulesBroken(history.map((event) => (event === GOOD[2] ? start("a", "1", 30, 9) : event)))).toEqual(
      rules,
    );
  });
});

describe("checkHistory, overlapping runs", () => {
  const first = [push("1", 1), ack("1", 2), start("a", "1", 100)];
  const second = [start("b", "1", 300, 8), end("b", 400), send("1 1/1", 500)];
  const with_ = (...events: HistoryEvent[]) => rulesBroken([...first, ...events]);

  it.each<[string, HistoryEvent[]]>([
    ["both go on", [...second, end("a", 600)]],
    ["the first has no end, and its worker lives", second],
    ["its worker was killed only later", [...second, worker("killed", 450)]],
    ["its worker was declared dead before it began", [worker("declared-dead", 99), ...second]],
    [
      "its worker was told to end, which hands over",
      [worker("told", 150), ...second, end("a", 301, "stopped")],
    ],
  ])("are found: %s", (_what, events) => {
    expect(with_(...events)).toEqual(["overlapping-runs"]);
  });

  it.each<[string, HistoryEvent[]]>([
    ["one after the other", [end("a", 200), ...second]],
    ["the worker was killed while the agent started", [worker("killed", 99), ...second]],
    ["the worker was killed, its orphan goes on", [worker("killed", 200), ...second, end("a", 90_000)]],
    [
      "the worker was declared dead and stopped its run",
      [worker("declared-dead", 200), ...second, end("a", 1200)],
    ],
    [
      "the worker was frozen and stopped its run when it was back",
      [worker("frozen", 200), ...second, worker("thawed", 9000), end("a", 9900, "stopped")],
    ],
    ["the worker was frozen, and killed later", [worker("frozen", 200), ...second, worker("killed", 9000)]],
  ])("are fine: %s", (_what, events) => {
    expect(with_(...events)).toEqual([]);
  });

  it.each<[string, HistoryEvent[]]>([
    ["declared dead and never stopped", [worker("declared-dead", 200), ...second]],
    ["stopped too late", [worker("declared-dead", 200), ...second, end("a", 1301)]],
    [
      "back from its freeze and going on",
      [worker("frozen", 200), ...second, worker("thawed", 9000), end("a", 10_001)],
    ],
  ])("are found where a zombie goes on: %s", (_what, events) => {
    expect(with_(...events)).toEqual(["zombie-went-on"]);
  });

  it("are found between any two, not only neighbours", () => {
    const third = [start("c", "1", 450, 9), end("c", 460)];
    const middle = [start("b", "1", 300, 8), end("b", 400)];
    expect(with_(worker("killed", 200), ...middle, ...third, send("1 1/1", 500))).toEqual(["too-many-runs"]);
    expect(with_(...middle, ...third, send("1 1/1", 500))).toEqual([
      "too-many-runs",
      "overlapping-runs",
      "overlapping-runs",
    ]);
  });
});

describe("checkHistory, runs cut off by a kill", () => {
  const cutOff = [push("1", 1), ack("1", 2), start("a", "1", 100), worker("killed", 200), end("a", 250)];
  const resumed = (atMs: number) => [start("b", "1", atMs, 8), end("b", atMs + 1), send("1 1/1", atMs + 2)];
  const redisBack = (atMs: number): HistoryEvent => ({ type: "fault", what: "redis-back", how: "", atMs });
  const rules = (...events: HistoryEvent[]) =>
    checkHistory([...cutOff, ...events], { ...OPTIONS, resumeWithinMs: 1000 }).map(({ rule }) => rule);

  it("have to be resumed in time, which begins when Redis is there", () => {
    expect(rules(...resumed(1200))).toEqual([]);
    expect(rules(...resumed(1201))).toEqual(["resumed-late"]);
    expect(rules(redisBack(400), ...resumed(1400))).toEqual([]);
    expect(rules(redisBack(5000), ...resumed(1201))).toEqual(["resumed-late"]);
  });

  it("may wait for each other once they have lost two workers", () => {
    const second: HistoryEvent = { type: "worker", worker: 8, what: "killed", atMs: 1300 };
    const third = [start("c", "1", 9000, 9), end("c", 9001), send("1 1/1", 9002)];
    const events = [...cutOff, start("b", "1", 1200, 8), second, end("b", 1350), ...third];
    expect(checkHistory(events, { ...OPTIONS, maxAttempts: 3, resumeWithinMs: 1000 })).toEqual([]);
  });

  it("are other than runs that were handed over", () => {
    const events = cutOff.map((event) => (event.type === "run-end" ? end("a", 190, "stopped") : event));
    expect(checkHistory([...events, ...resumed(9000)], { ...OPTIONS, resumeWithinMs: 1000 })).toEqual([]);
  });
});

function runs(message: string, count: number): HistoryEvent[] {
  return Array.from({ length: count }, (_, index) => [
    start(`run-${index}`, message, 20 + index),
    end(`run-${index}`, 20 + index),
  ]).flat();
}

import type { FaultAction } from "@gateway/wecom-emulator";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { waitUntil } from "../../support/wait-until.ts";
import type { TestGateway } from "./gateway.ts";
import { startGateway } from "./gateway.ts";

// Retires the risk that a fault of the network or of WeCom loses a part of a reply, shows one twice or out of order,
// or lets a reply vanish without a trace.

interface Scenario {
  readonly fault: string;
  readonly action: FaultAction;
  readonly times: number;
  /** Code of the dead letter; without it the reply arrives whole. */
  readonly dead?: string;
  /** No message reaches this person: nobody is told. */
  readonly unreachable?: true;
}

const errcode = (code: number): FaultAction => ({ type: "errcode", errcode: code });

const SCENARIOS: readonly Scenario[] = [
  { fault: "-1, three times", action: errcode(-1), times: 3 },
  { fault: "502 with a page, not carried out", action: { type: "http", status: 502 }, times: 2 },
  { fault: "504 with a page, carried out", action: { type: "http", status: 504, deliver: true }, times: 2 },
  { fault: "a reset before the call was read", action: { type: "reset_before" }, times: 2 },
  { fault: "a reset after the call was carried out", action: { type: "reset_after" }, times: 2 },
  { fault: "no answer, not carried out", action: { type: "hang" }, times: 2 },
  { fault: "no answer, carried out", action: { type: "hang", deliver: true }, times: 2 },
  { fault: "half of the JSON", action: { type: "truncate_json" }, times: 2 },
  { fault: "an answer after the time limit", action: { type: "delay", delayMs: 4500 }, times: 1 },
  { fault: "42001 three times", action: errcode(42001), times: 3 },
  { fault: "40014 once", action: errcode(40014), times: 1 },
  { fault: "45009 twice", action: errcode(45009), times: 2 },
  { fault: "45033 twice", action: errcode(45033), times: 2 },
  { fault: "60020 until it is mended", action: errcode(60020), times: 3 },
  { fault: "50003 until it is mended", action: errcode(50003), times: 2 },
  { fault: "81013", action: errcode(81013), times: 1, dead: "errcode_81013", unreachable: true },
  { fault: "40033", action: errcode(40033), times: 1, dead: "errcode_40033" },
  { fault: "40201", action: errcode(40201), times: 1, dead: "errcode_40201" },
  { fault: "a code that nobody knows", action: errcode(777_777), times: 1, dead: "errcode_777777" },
];

const SHORT = "短回答 short answer 👩‍👩‍👧‍👦";
const LONG = Array.from({ length: 60 }, (_, n) => `${n} ${"企业微信 agent ".repeat(8)}`.trim()).join("\n");
const CAPTION = "The report:";
const FILE = Buffer.from("the content of the report");
/** The part of the long reply that the fault hits. */
const HIT = 3;

interface Case extends Scenario {
  readonly reply: string;
  readonly text: string;
  readonly file?: Buffer;
  /** The call of message/send that meets the fault. */
  readonly nth: number;
  readonly app: string;
}

const cases = SCENARIOS.flatMap((scenario, index): Case[] => [
  { ...scenario, reply: "short", text: SHORT, nth: 1, app: `short-${index}` },
  { ...scenario, reply: "long", text: LONG, nth: HIT, app: `long-${index}` },
  { ...scenario, reply: "media", text: CAPTION, file: FILE, nth: 2, app: `media-${index}` },
]);
const SPECIAL = ["awkward", "revoked", "untrusted", "expired-for-ever", "silent-for-ever", "nobody"] as const;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway({
    apps: [...cases.map(({ app }) => app), ...SPECIAL],
    sending: {
      limits: { blocksMs: [300, 600] },
      breaker: { firstPauseMs: 200, longestPauseMs: 800 },
    },
  });
  gateway.emulator.setFaults(
    cases.map(({ app, action, times, nth }) => ({
      match: { path: "message/send", corp: corpOf(app), user: "zhangsan", nth },
      times,
      action,
    })),
  );
  // All at once: each has an app of its own.
  await Promise.all(cases.map(({ app, text, file }) => gateway.ask(app, "zhangsan", text, file)));
}, 60_000);
afterAll(() => gateway.stop());

const corpOf = (app: string) => gateway.corpOf(app);

describe("a reply that meets", () => {
  it.each(cases)(
    "$fault ($reply)",
    async ({ app, text, file, dead, unreachable, nth }) => {
      if (dead === undefined) {
        const whole = file === undefined ? [text] : [text, "(file)"];
        const expected = text === LONG ? await gateway.untilWhole(app, "zhangsan", LONG) : whole;
        expect(await gateway.untilShown(app, "zhangsan", expected.length)).toEqual(expected);
        await gateway.untilSettled(app, "zhangsan");
        expect(gateway.screen(app, "zhangsan")).toEqual(expected);
        expect(await gateway.deadLetters(app)).toEqual([]);
        return;
      }
      const letter = await gateway.untilDead(app);
      expect(letter).toMatchObject({ what: "reply", code: dead });
      expect(letter.reason.length).toBeGreaterThan(20);
      await gateway.untilSettled(app, "zhangsan");
      // What came before the fault is there, and nothing after it but word of that.
      const [told, ...more] = gateway.screen(app, "zhangsan").slice(nth - 1);
      if (unreachable) expect(told).toBeUndefined();
      else expect(told).toContain(letter.messageIds[0]);
      expect(more).toEqual([]);
      expect(await gateway.deadLetters(app)).toHaveLength(1);
    },
    200_000,
  );
});

describe("an app", () => {
  it.each([
    ["6,000 汉字", "企业微信".repeat(1500)],
    ["a word of 5,000 bytes", "x".repeat(5000)],
    ["300 emoji families", "👩‍👩‍👧‍👦".repeat(300)],
  ])("delivers %s whole, and WeCom has nothing to cut", async (what, text) => {
    await gateway.ask("awkward", what.replaceAll(/\W/g, ""), text);
    const user = what.replaceAll(/\W/g, "");
    await waitUntil("it is there", () => gateway.screen("awkward", user).join("") === text, {
      timeoutMs: 30_000,
    });
    const sent = gateway.emulator.sent({ app: "awkward", user });
    expect(sent.length).toBeGreaterThan(2);
    expect(sent.flatMap(({ cuts }) => cuts)).toEqual([]);
  });

  it("whose token is revoked under fifty sends delivers each of them once", async () => {
    const users = Array.from({ length: 50 }, (_, n) => `user-${n}`);
    await Promise.all(users.map((user) => gateway.ask("revoked", user, LONG)));
    const sent = () => gateway.emulator.sent({ app: "revoked" }).length;
    const revocations = [20, 60, 120];
    for (const count of revocations) {
      await waitUntil(`${count} messages were sent`, () => sent() >= count);
      gateway.emulator.revokeTokens("revoked");
    }
    for (const user of users) await gateway.untilWhole("revoked", user, LONG);
    for (const user of users) await gateway.untilSettled("revoked", user);
    const parts = gateway.screen("revoked", "user-0").length;
    expect(users.map((user) => gateway.screen("revoked", user).length)).toEqual(users.map(() => parts));
    expect(await gateway.deadLetters("revoked")).toEqual([]);
    // Fewer where one revocation came before the last was noticed.
    const tokens = gateway.emulator.calls({ path: "gettoken", app: "revoked" }).length;
    expect(tokens).toBeGreaterThan(1);
    expect(tokens).toBeLessThanOrEqual(1 + revocations.length);
  }, 90_000);

  it("whose address is not trusted holds its replies, says once which to add, and lets them go when it is mended", async () => {
    gateway.emulator.changeApp("untrusted", { trustedIps: ["203.0.113.9"] });
    const users = Array.from({ length: 8 }, (_, n) => `user-${n}`);
    for (const user of users) await gateway.ask("untrusted", user, `for ${user}`);
    const calls = () => gateway.emulator.calls({ path: "message/send", app: "untrusted" }).length;
    const told = () => gateway.lines().filter(({ app, level }) => app === "untrusted" && isError(level));
    await waitUntil("it is told", () => told().length > 0, { timeoutMs: 30_000 });
    const atFirst = calls();
    await waitUntil("it was probed again", () => calls() > atFirst, { timeoutMs: 30_000 });
    expect(told()[0]).toMatchObject({ errcode: 60020, whatToDo: expect.stringContaining("127.0.0.1") });
    expect(await gateway.problems()).toContainEqual(
      expect.objectContaining({ errcode: 60020, whatToDo: expect.stringContaining("企业可信IP") }),
    );

    gateway.emulator.changeApp("untrusted", { trustedIps: null });
    for (const user of users) {
      expect(await gateway.untilShown("untrusted", user, 1)).toEqual([`for ${user}`]);
    }
    expect(told()).toHaveLength(1);
    expect(await gateway.problems()).not.toContainEqual(expect.objectContaining({ errcode: 60020 }));
    expect(await gateway.deadLetters("untrusted")).toEqual([]);
  });

  it("whose tokens are never accepted sets its reply aside after a day, and says why", async () => {
    const path = "message/send";
    const match = { path, corp: corpOf("expired-for-ever") };
    gateway.emulator.setFaults([{ match, times: "always", action: errcode(42001) }]);
    await gateway.ask("expired-for-ever", "zhangsan", SHORT);
    await waitUntil(
      "it was tried",
      () => gateway.emulator.calls({ path, app: "expired-for-ever" }).length >= 2,
    );
    gateway.advance(25 * 3600 * 1000);
    const letter = await gateway.untilDead("expired-for-ever");
    expect(letter.code).toBe("too_late");
    expect(letter.reason).toMatch(/42001|token_refused/);
    expect(gateway.screen("expired-for-ever", "zhangsan")).toEqual([]);
  });

  it("that never answers has its reply set aside as unknown, and the next one is not held up by it", async () => {
    const match = { path: "message/send", corp: corpOf("silent-for-ever") };
    gateway.emulator.setFaults([{ match, times: "always", action: { type: "hang" } }]);
    await gateway.ask("silent-for-ever", "zhangsan", SHORT);
    const attempts = () => gateway.emulator.calls({ path: "message/send", app: "silent-for-ever" }).length;
    await waitUntil("it was tried twice", () => attempts() >= 2);
    gateway.advance(31 * 60 * 1000);
    expect(await gateway.untilDead("silent-for-ever")).toMatchObject({ code: "outcome_unknown" });
    gateway.emulator.setFaults([]);
    await gateway.ask("silent-for-ever", "zhangsan", "the next one");
    expect(await gateway.untilShown("silent-for-ever", "zhangsan", 1)).toEqual(["the next one"]);
  });

  it("that is told of an invalid receiver has the reply set aside, although WeCom said ok", async () => {
    const corpId = corpOf("nobody");
    gateway.emulator.setUser({ corpId, userId: "lisi", state: "outside" });
    await gateway.ask("nobody", "lisi", SHORT);
    const letter = await gateway.untilDead("nobody");
    expect(["errcode_81013", "invaliduser"]).toContain(letter.code);
    expect(letter.reason).toMatch(/visible range/);
  });
});

const isError = (level: unknown) => level === 50 || level === "error";

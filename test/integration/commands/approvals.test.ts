import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { waitUntil } from "../../support/wait-until.ts";
import { askPerson, pendingCode as findCode } from "./asked-person.ts";
import type { Harness, Person } from "./harness.ts";
import { SECRET, startHarness, texts } from "./harness.ts";

// Retires the risk that something is allowed by the wrong person, for the wrong request, or twice.

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());

const { approval } = texts;

/** A running turn whose agent has asked for something. */
const personWhoWasAsked = (asked?: Parameters<typeof askPerson>[1]) => askPerson(harness, asked);
const pendingCode = (person: Person, count?: number) => findCode(harness, person, count);

describe("/approve and /deny", () => {
  it.each([
    ["/approve", "approved", "approved"],
    ["/同意", "approved", "approved"],
    ["/deny", "denied", "denied"],
    ["/拒绝", "denied", "denied"],
  ] as const)("%s decides the only request, and once", async (wish, decided, text) => {
    const { person, decision, end } = await personWhoWasAsked();
    const message = person.text(wish);
    expect(await person.handle(message)).toBe(approval[text]({ title: "rm -rf build" }));
    expect(await decision).toBe(decided);
    expect(await person.handle(message)).toBe(approval[text]({ title: "rm -rf build" }));
    await end();
    expect(await person.say(wish)).toBe(approval.none);
  });

  it("tells the person what is asked and how to answer", async () => {
    const { person, code, decision, end } = await personWhoWasAsked();
    const asked = approval.asked({ title: "rm -rf build", detail: "in /srv", code });
    await waitUntil("the person is asked", async () => (await person.outbox()).includes(asked));
    await person.say(`/deny #${code.toLowerCase()} because I say so`);
    expect(await decision).toBe("denied");
    await end();
  });

  it("lists the codes when several are asked for, and decides the one that is named", async () => {
    const { person, run, decision, code, end } = await personWhoWasAsked();
    harness.clock.ms += 1;
    const second = run.io.approve({ title: "git push", detail: "" });
    const secondCode = await pendingCode(person, 2);
    const list = [
      approval.item({ code, title: "rm -rf build" }),
      approval.item({ code: secondCode, title: "git push" }),
    ].join("\n");
    expect(await person.say("/approve")).toBe(approval.choose({ count: 2, command: "approve", code, list }));
    expect(await person.say(`/approve ${secondCode}`)).toBe(approval.approved({ title: "git push" }));
    expect(await second).toBe("approved");
    expect(await person.say("/deny")).toBe(approval.denied({ title: "rm -rf build" }));
    expect(await decision).toBe("denied");
    await end();
  });

  it("decides nothing for anybody but the person who was asked", async () => {
    const { person, code, decision, end } = await personWhoWasAsked();
    const other = harness.person();
    const admin = harness.person("admin");
    for (const stranger of [other, admin]) {
      expect(await stranger.say("/approve")).toBe(approval.none);
      expect(await stranger.say(`/approve ${code}`)).toBe(approval.unknownCode({ code }));
    }
    expect(await harness.tools.approvals.answer(person.conversation, code)).toBeUndefined();
    await person.say("/deny");
    expect(await decision).toBe("denied");
    await end();
  });

  it("says so when nothing is asked any more, and allows nothing later", async () => {
    const { person, code, run, end, decision } = await personWhoWasAsked();
    await person.say("/stop");
    expect(await decision).toBe("expired");
    await waitUntil("the request is withdrawn", async () => {
      return (await harness.tools.approvals.pending(person.conversation)).length === 0;
    });
    expect(await person.say("/approve")).toBe(approval.none);
    expect(await person.say(`/approve ${code}`)).toBe(approval.unknownCode({ code }));
    expect(run.io.signal.aborted).toBe(true);
    await end();
  });

  it.each([
    ["session", "session"],
    ["x".repeat(10_000), `${"x".repeat(8)}…`],
    ["\u0000\u001b[31m", "[31m"],
    ["{code}", "{code}"],
    ["__proto__", "__proto_…"],
  ])("changes nothing for a word that is no code (%#)", async (typed, shown) => {
    const { person, code, end, decision } = await personWhoWasAsked();
    const answer = await person.say(`/approve ${typed}`);
    const list = approval.item({ code, title: "rm -rf build" });
    expect(answer).toBe(
      `${approval.unknownCode({ code: shown })}\n${approval.choose({ count: 1, command: "approve", code, list })}`,
    );
    await person.say("/deny");
    expect(await decision).toBe("denied");
    await end();
  });

  it("forgets what an attempt asked that has died", async () => {
    const person = harness.person();
    const { id } = await person.write("clean up");
    const dead = await person.lockTurn();
    await harness.tools.mailbox.claim(person.conversation, dead, () => ({ take: 1 }));
    const asked = { turnId: `re-${id}`, title: "of the dead", detail: "" };
    await harness.tools.approvals.ask(person.conversation, asked);
    await harness.redis.del(dead.lockKey);
    const held = harness.runner.hold();
    const turn = person.turn();
    const run = await held;
    const decision = run.io.approve({ title: "of the living", detail: "" });
    await pendingCode(person);
    expect(await person.say("/approve")).toBe(approval.approved({ title: "of the living" }));
    expect(await decision).toBe("approved");
    run.answer("done");
    await turn;
  });
});

describe("a request with a key", () => {
  const asked = { title: "rm -rf build", detail: "in /srv", key: "3-0" };

  /** A turn whose first attempt has asked and died. */
  async function personWhoseWorkerDied() {
    const person = harness.person();
    const { id } = await person.write("clean up");
    const dead = await person.lockTurn();
    await harness.tools.mailbox.claim(person.conversation, dead, () => ({ take: 1 }));
    await harness.tools.approvals.ask(person.conversation, { turnId: `re-${id}`, ...asked });
    await harness.redis.del(dead.lockKey);
    return { person, code: await pendingCode(person) };
  }

  it("is taken up by the next attempt, under its code", async () => {
    const { person, code } = await personWhoseWorkerDied();
    const held = harness.runner.hold();
    const turn = person.turn();
    const run = await held;
    const decision = run.io.approve(asked);
    const words = approval.asked({ ...asked, code });
    await waitUntil("the person is asked", async () => (await person.outbox()).includes(words));
    await person.say(`/approve ${code}`);
    expect(await decision).toBe("approved");
    run.answer("done");
    await turn;
  });

  it.each([
    ["/approve", "approved"],
    ["/deny", "denied"],
  ] as const)("%s counts while no attempt runs", async (wish, decided) => {
    const { person } = await personWhoseWorkerDied();
    await person.say(wish);
    const held = harness.runner.hold();
    const turn = person.turn();
    const run = await held;
    expect(await run.io.approve(asked)).toBe(decided);
    run.answer("done");
    await turn;
    expect(await harness.tools.approvals.pending(person.conversation)).toEqual([]);
  });

  it("is gone with its turn, asked again or not", async () => {
    const { person } = await personWhoseWorkerDied();
    await person.turn();
    expect(await person.say("/approve")).toBe(approval.none);
  });

  it("of another turn is another request", async () => {
    const { person, code } = await personWhoseWorkerDied();
    const other = { turnId: "re-other", ...asked };
    const request = await harness.tools.approvals.ask(person.conversation, other);
    expect(request.code).not.toBe(code);
  });
});

describe("what the person is shown", () => {
  it("has no secret of the gateway's in it, and says how much of it is left out", async () => {
    const detail = `curl -H "X: ${SECRET}" ${"x".repeat(2000)}`;
    const { person, decision, end } = await personWhoWasAsked({ detail });
    const asked = await waitUntil("the person is asked", async () => (await person.outbox()).join(""));
    expect(asked).toContain("[hidden]");
    expect(asked).not.toContain(SECRET);
    expect(asked).toContain(
      approval.cut({ count: detail.length - SECRET.length + "[hidden]".length - 1000 }),
    );
    await person.say("/deny");
    expect(await decision).toBe("denied");
    await end();
  });
});

describe("an administrator", () => {
  it("may decide for somebody else where the app says so, by the code", async () => {
    const { person, code, decision, end } = await personWhoWasAsked({ cards: true });
    const [admin, member] = [harness.person("admin"), harness.person()];
    const stranger = await member.handle(member.text(`/approve ${code}`), { adminsApprove: true });
    expect(stranger).toBe(approval.unknownCode({ code }));
    const wish = admin.text(`/approve ${code.toLowerCase()}`);
    const answer = await admin.answer(wish, { adminsApprove: true });
    expect(answer).toMatchObject({
      text: approval.approved({ title: "rm -rf build" }),
      updates: [{ card: {} }],
    });
    expect(await decision).toBe("approved");
    const told = approval.byAdmin({
      admin: admin.userId,
      decision: approval.approved({ title: "rm -rf build" }),
    });
    await waitUntil("the person is told", async () => (await person.outbox()).includes(told));
    expect(await admin.answer(wish, { adminsApprove: true })).toEqual(answer);
    await end();
    const late = await admin.handle(admin.text(`/deny ${code}`), { adminsApprove: true });
    expect(late).toBe(approval.unknownCode({ code }));
  });
});

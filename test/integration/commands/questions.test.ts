import { COMMAND_NAMES, commandAliases } from "@gateway/conversation";
import { showPairingCode } from "@gateway/conversation/access";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createTexts } from "../../../packages/texts/src/catalog.ts";
import type { Harness } from "./harness.ts";
import { startHarness, texts } from "./harness.ts";

// Commands that only tell something, and those of administrators.

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());

const { access, status, whoami, helpFrame, help, busyMode, approval } = texts;
const ADMIN = ["approve-user", "users", "drain"] as const;

describe("/help", () => {
  it("lists every command to administrators, the others' only to the others", async () => {
    const [all, some] = [await harness.person("admin").say("/help"), await harness.person().say("/帮助")];
    for (const name of COMMAND_NAMES) {
      const line = helpFrame.line({ command: name, what: help[name] });
      expect(all).toContain(line);
      const isAdmins = ADMIN.some((admin) => admin === name);
      expect(some?.includes(line)).toBe(!isAdmins);
    }
  });

  it.each(["zh-CN", "en"] as const)("fits one message in %s", async (language) => {
    const person = harness.person("admin");
    const answer = await person.handle(person.text("/help"), { texts: createTexts(language) });
    expect(Buffer.byteLength(answer ?? "")).toBeLessThan(2048);
  });

  it("tells more of one command, by any of its names", async () => {
    const person = harness.person();
    const aliases = commandAliases("stop").map((alias) => `/${alias}`);
    const expected = `${helpFrame.line({ command: "stop", what: help.stop })}\n${helpFrame.aliases({ aliases: aliases.join(" ") })}`;
    for (const asked of ["stop", "/stop", "停止", "／停止"])
      expect(await person.say(`/help ${asked}`)).toBe(expected);
  });

  it("shows the list for anything else, also for what is not for the person", async () => {
    const person = harness.person();
    const list = await person.say("/help");
    for (const asked of ["drain", "nothing", "x".repeat(10_000), "\u0000", "constructor"])
      expect(await person.say(`/help ${asked}`)).toBe(list);
  });
});

describe("/status", () => {
  const mode = status.busyMode({ mode: busyMode.queue });

  it("of somebody who never wrote", async () => {
    const person = harness.person();
    expect(await person.say("/status")).toBe([status.idle, status.session({ number: 1 }), mode].join("\n"));
  });

  it("tells what runs, since when, what it does, what waits and what is asked", async () => {
    const person = harness.person();
    await person.say("/new");
    const held = harness.runner.hold();
    await person.write("work");
    const turn = person.turn();
    const run = await held;
    await person.write("later");
    await harness.tools.turnControl.setDoing(person.conversation, "reading\nthe files");
    const asked = { turnId: "t", title: "push", detail: "" };
    const { code } = await harness.tools.approvals.ask(person.conversation, asked);
    harness.clock.ms += 60_000;
    expect(await person.say("/状态")).toBe(
      [
        status.running({ elapsed: "1 分 2 秒" }),
        status.doing({ doing: "reading the files" }),
        status.waiting({ waiting: 1 }),
        status.approval({ code, title: "push" }),
        status.sessionSince({ number: 2, elapsed: "1 分 3 秒" }),
        mode,
      ].join("\n"),
    );
    expect(approval.none).not.toBe("");
    run.answer("done");
    await turn;
  });

  it("tells that a run is being stopped, and of an attempt that was cut off", async () => {
    const person = harness.person();
    await person.write("work");
    const fence = await person.lockTurn();
    const claim = () => harness.tools.mailbox.claim(person.conversation, fence, () => ({ take: 1 }));
    await claim();
    await claim();
    expect(await person.say("/status")).toContain(status.attempt({ attempt: 2 }));
    await person.say("/stop");
    expect(await person.say("/status")).toContain(status.stopping({ elapsed: "3 秒" }));
  });

  it("is short, whatever was said, and ignores what follows it", async () => {
    const person = harness.person();
    await person.write("work");
    const fence = await person.lockTurn();
    await harness.tools.mailbox.claim(person.conversation, fence, () => ({ take: 1 }));
    await harness.tools.turnControl.setDoing(person.conversation, "长".repeat(10_000));
    for (let n = 0; n < 3; n++)
      await harness.tools.approvals.ask(person.conversation, {
        turnId: "t",
        title: "题".repeat(5000),
        detail: "",
      });
    const answer = await person.say(`/status ${"x".repeat(10_000)}\u0000`);
    expect(Buffer.byteLength(answer ?? "")).toBeLessThan(2048);
  });
});

describe("/whoami and /start", () => {
  it("says who the person is to the gateway", async () => {
    const person = harness.person();
    expect(await person.say("/whoami anything")).toBe(
      [
        whoami.user({ user: person.userId }),
        whoami.corp({ corp: "ww1" }),
        whoami.app({ app: "app", agent: "1000002" }),
        whoami.member,
      ].join("\n"),
    );
    expect(await harness.person("admin").say("/我是谁")).toContain(whoami.admin);
  });

  it("says nothing to /start and bothers nobody", async () => {
    const person = harness.person();
    expect(await person.say("/start")).toBeUndefined();
    expect(await person.say(`/start ${"x".repeat(10_000)}`)).toBeUndefined();
    expect(await person.waiting()).toEqual([]);
  });
});

describe("commands of administrators", () => {
  it.each(ADMIN)("/%s is refused to others, also from a menu", async (name) => {
    const person = harness.person();
    expect(await person.say(`/${name} ABCD2345`)).toBe(access.adminOnly);
    const press = person.event("click", { eventKey: name });
    expect(await person.handle(press)).toBe(access.adminOnly);
  });

  it("says so where pairing is not set up", async () => {
    const admin = harness.person("admin");
    const message = admin.text("/approve-user ABCD2345");
    const without = { access: undefined };
    expect(await admin.handleWith(message, without)).toBe(access.notConfigured);
    expect(await admin.handleWith(admin.text("/users"), without)).toBe(access.notConfigured);
  });

  it("holds the app's turns back, tells who writes meanwhile, and lets them go on", async () => {
    const admin = harness.person("admin");
    const person = harness.person();
    expect(await admin.say("/排空")).toBe(access.draining({ running: 0 }));
    expect(await harness.tools.drain.isOn(person.ref)).toBe(true);
    expect(await harness.tools.drain.isOn({ ...person.ref, agentId: "1000003" })).toBe(false);
    expect(await admin.say("/drain off")).toBe(access.drainEnded);
    expect(await harness.tools.drain.isOn(person.ref)).toBe(false);
  });

  it("lets somebody in by code, once, and lists who is in and who waits", async () => {
    const admin = harness.person("admin");
    const app = { corpId: "ww1", agentId: "1000002", appName: "app" };
    const asked = await harness.tools.access.request(app, "newcomer");
    const other = await harness.tools.access.request(app, "other");
    if (asked.status !== "open" || other.status !== "open") throw new Error("no code was given");
    const message = admin.text(`/approve-user ${asked.request.code.toLowerCase()}`);
    for (let n = 0; n < 2; n++)
      expect(await admin.handle(message)).toBe(access.approvedUser({ user: "newcomer" }));
    expect(await admin.say("/users")).toBe(
      [
        access.usersAllowed({ count: 1, users: "newcomer" }),
        access.usersWaiting({ count: 1 }),
        access.userWaiting({ user: "other", code: showPairingCode(other.request.code) }),
      ].join("\n"),
    );
  });

  it.each(["ZZZZ9999", "x".repeat(10_000), "\u0000", "{code}"])(
    "lets nobody in for what is no code (%#)",
    async (code) => {
      const admin = harness.person("admin");
      expect(await admin.say(`/approve-user ${code}`)).toBe(access.unknownPairingCode);
    },
  );

  it("wants a code", async () => {
    expect(await harness.person("admin").say("/approve-user")).toBe(access.approveUserUsage);
  });
});

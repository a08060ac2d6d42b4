import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser } from "playwright-core";
import { browserAvailable, launchBrowser } from "../support/browser.ts";
import type { Stack } from "../support/stack.ts";
import { startStack } from "../support/stack.ts";
import { waitUntil } from "../support/wait-until.ts";
import type { Person } from "./person.ts";
import { openChat } from "./person.ts";

// Retires the risk that a command works in its own test and not for the person who types it.

const ASSISTANT = {
  name: "assistant",
  settings: {
    language: "en",
    admin_users: ["boss"],
    welcome: "Welcome, ask me anything.",
    menu: { progress: "/status", weather: "How is the weather?" },
  },
  menu: [
    { type: "click", name: "Progress", key: "progress" },
    { type: "click", name: "Weather", key: "weather" },
    { type: "click", name: "Stop", key: "stop" },
  ],
};
/** Nobody is let in but its administrator and whom that lets in; it speaks Chinese, as apps do by default. */
const CLOSED = {
  name: "closed",
  settings: { allow_all_users: false, pairing: true, admin_users: ["chief"] },
};

const WORKING = /⏳ Working, \d+ s so far/;
/** Longer than any test: only the person ends it. */
const ENDLESS = "long 1800";

const describeInBrowser = browserAvailable() ? describe : describe.skip;

describeInBrowser("a person at the chat page", () => {
  let stack: Stack;
  let browser: Browser;
  const problems: string[] = [];

  beforeAll(async () => {
    const env = { TURN_QUIET_MS: "300", NOTICE_AFTER_SECONDS: "2,1800" };
    [stack, browser] = await Promise.all([
      startStack({ apps: [ASSISTANT, CLOSED], workers: 2, console: true, env }),
      launchBrowser(),
    ]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(problems.splice(0)).toEqual([]);
  });

  const arrive = (user: string, app = ASSISTANT.name): Promise<Person> =>
    openChat(browser, stack.emulatorUrl, { user, app, onProblem: (problem) => void problems.push(problem) });

  /** A person whose agent works on something that only ends when it is stopped, or after some seconds. */
  async function arriveBusy(user: string, task: string, ...before: [command: string, answer: RegExp][]) {
    const person = await arrive(user);
    for (const [command, answer] of before) {
      await person.say(command);
      await person.reads(answer);
    }
    await person.say(task);
    await person.reads(WORKING);
    return person;
  }

  it("gets an answer to every command, also when there is nothing to do, and the agent gets the rest", async () => {
    const anna = await arrive("anna");
    const answers: [command: string, answer: RegExp][] = [
      ["/help", /Commands:.*\/stop {1,2}stop the current task.*\/whoami.*Anything else goes to the agent/s],
      ["／帮助 /停止", /\/stop {1,2}stop the current task.*Also: \/停止/s],
      ["/whoami", /User: anna.*App: assistant \(agent id 1000002\).*Role: user/s],
      ["／状态", /Idle, nothing is running.*Session: number 1.*New messages meanwhile: queue/s],
      ["/stop", /Nothing is running\.$/],
      ["/queue", /Nothing is waiting\./],
      ["/busy", /While a task runs, a new message means: queue.*\/busy interrupt/s],
      ["/steer", /Usage: \/steer TEXT/],
      ["/bg", /Usage: \/bg TEXT/],
      ["/retry", /There is nothing to do again/],
      ["/undo", /There is nothing to undo/],
      ["/approve", /Nothing is waiting for your approval/],
      ["/拒绝 77", /No request with the code 77 is waiting/],
    ];
    for (const [command, answer] of answers) {
      await anna.say(command);
      await anna.reads(answer);
    }
    expect(await anna.count(/\/drain/)).toBe(0);

    await anna.say("/start");
    await anna.say("/weather tomorrow");
    await anna.reads(/You said：\/weather tomorrow/);
    // Nothing was said to /start.
    const heard = stack.emulator.sent({ app: ASSISTANT.name, user: "anna" });
    expect(heard).toHaveLength(answers.length + 1);
  }, 120_000);

  it("sees what runs and what waits, drops it and stops it", async () => {
    const bob = await arriveBusy("bob", ENDLESS);
    await bob.say("/status");
    await bob.reads(/Running for \d+ s.*Doing: 正在/s);
    await bob.say("and then?");
    await bob.reads(/this one is number 1 in line/);
    await bob.say("/q tidy up");
    await bob.reads("Queued as number 2.");
    await bob.say("/queue");
    await bob.reads(/Waiting: 2.*1\. and then\?.*2\. tidy up/s);
    await bob.say("/排队 清空");
    await bob.reads("Waiting messages dropped: 2.");
    await bob.say("/停止");
    await bob.reads(/Stopped\.$/);
    await bob.reads("assistant recalled a message");
    expect(await bob.count(WORKING)).toBe(0);
    await bob.say("/status");
    await bob.reads(/Idle, nothing is running/);
    expect(await bob.count(/You said/)).toBe(0);
  }, 120_000);

  // Long enough for everything that is said meanwhile, also where a page takes seconds for it.
  it("decides what a message that meets a running task does: wait, join, or take its place", async () => {
    const queues = async () => {
      const person = await arriveBusy("queuer", "long 20");
      await person.say("the next question");
      await person.reads(/this one is number 1 in line/);
      await person.reads(/Done after 20 s/);
      await person.reads(/You said：the next question/);
      // The answer made the notice superfluous.
      await person.reads("assistant recalled a message");
      expect(await person.count(WORKING)).toBe(0);
    };
    const steers = async () => {
      const person = await arriveBusy("steerer", "long 30", ["/busy 补充", /Set\..*: steer/]);
      await person.say("in blue please");
      await person.say("/steer and round");
      await person.reads(/Passed to the running agent/);
      const answer = await person.reads(/Done after 30 s/);
      expect(answer).toContain("• in blue please");
      expect(answer).toContain("• and round");
      expect(await person.count(/You said/)).toBe(0);
    };
    const interrupts = async () => {
      const person = await arriveBusy("interrupter", ENDLESS, ["/忙时 interrupt", /Set\..*: interrupt/]);
      await person.say("something else");
      await person.reads(/Stopped the current task; going on with your new message/);
      await person.reads(/You said：something else/);
      await person.say("/status");
      await person.reads(/Idle, nothing is running.*New messages meanwhile: interrupt/s);
    };
    await Promise.all([queues(), steers(), interrupts()]);
  }, 240_000);

  it("allows and refuses what the agent asks for", async () => {
    const asked = /The agent asks to: 删除临时文件 delete temporary files.*\/approve (\w+)/s;
    const [allows, refuses] = await Promise.all([arrive("allower"), arrive("refuser")]);
    await allows.say("approval");
    await refuses.say("审批");
    const [, code = ""] = asked.exec(await allows.reads(asked)) ?? [];
    await allows.say("/status");
    await allows.reads(new RegExp(`Waits for your approval ${code}: 删除`));
    await allows.say(`/approve ${code}`);
    await allows.reads(/Allowed, this once: 删除临时文件/);
    await allows.reads(/Approved; done/);

    await refuses.reads(asked);
    await refuses.say("/deny");
    await refuses.reads(/Refused: 删除临时文件/);
    await refuses.reads(/Denied; nothing was done/);
  }, 120_000);

  it("is told of a failure with a reference, tries again, undoes, and begins anew", async () => {
    const eva = await arrive("eva");
    await eva.say("fail");
    const failure = await eva.reads(/Sorry, this did not work.*\/retry/s);
    const reference = failure.trim().split(/\s/).at(-1) ?? "";
    expect(reference).toMatch(/^cb-.*-eva-\d+$/);
    // What an administrator looks for with it.
    await waitUntil("it is in the log", () => stack.logs().includes(reference));
    await eva.say("/retry");
    await eva.reads("🔁 Doing your last message again.");
    await eva.reads(/Sorry, this did not work.*\s\S+-again-0$/s);
    await eva.say("/undo 5");
    await eva.reads("Exchanges forgotten: 1.");
    await eva.say("/reset");
    await eva.reads("✨ New session.");
    await eva.say("/status");
    await eva.reads(/Session: number 2/);
  }, 120_000);

  it("has tasks done in the background meanwhile", async () => {
    const finn = await arrive("finn");
    const started = /Background task (\S+) started: long 1800/;
    await finn.say(`/bg ${ENDLESS}`);
    const [, task = ""] = started.exec(await finn.reads(started)) ?? [];
    await finn.say("are you there?");
    await finn.reads(/^你说 \/ You said：are you there\?/);
    await finn.say("/status");
    await finn.reads(new RegExp(`Idle.*Background task ${task} \\(.*\\): long 1800`, "s"));
    await finn.say("/后台 count the files");
    await finn.reads(/\[Background task \S+\].*You said：count the files/s);
    await finn.say(`/stop ${task}`);
    await finn.reads(`Stopped background task ${task}.`);
  }, 120_000);

  it("is welcomed once and uses the menu", async () => {
    const gina = await arrive("gina");
    await gina.enter();
    await gina.reads("Welcome, ask me anything.");
    await gina.enter();
    await gina.press("Progress");
    await gina.reads(/Idle, nothing is running/);
    await gina.press("Weather");
    await gina.reads(/You said：How is the weather\?/);
    await gina.press("Stop");
    await gina.reads("Nothing is running.");
    expect(await gina.count("Welcome, ask me anything.")).toBe(1);
  }, 120_000);

  it("needs to be an administrator for some commands, who lets a stranger in and holds the app back", async () => {
    const [member, boss, stranger, chief] = await Promise.all([
      arrive("member"),
      arrive("boss"),
      arrive("stranger", CLOSED.name),
      arrive("chief", CLOSED.name),
    ]);
    for (const command of ["/users", "/approve-user 2222-2222", "/drain"]) await member.say(command);
    await member.say("/whoami");
    await member.reads(/Role: user/);
    expect(await member.count(/⛔ This command is for administrators only/)).toBe(3);
    await boss.say("/help");
    await boss.reads(/\/approve-user.*\/users.*\/drain/s);

    await stranger.say("你好");
    const pairing = /配对码：([2-9A-Z]{4}-[2-9A-Z]{4})/;
    const [, code = ""] = pairing.exec(await stranger.reads(pairing)) ?? [];
    await chief.say("/users");
    await chief.reads(new RegExp(`等待批准（1）.*stranger.*配对码 ${code}`, "s"));
    await chief.say(`/approve-user ${code}`);
    await chief.reads("✅ 已批准用户 stranger。");
    await stranger.reads(/管理员已批准/);
    await stranger.say("现在可以了吗");
    await stranger.reads(/You said：现在可以了吗/);
    await chief.say("/用户");
    await chief.reads(/已批准（1）：stranger.*没有等待批准的用户/s);

    await chief.say("/drain");
    await chief.reads(/本应用已停止接新任务，正在运行 0 个/);
    await stranger.say("还在吗");
    await stranger.reads(/维护/);
    expect(await stranger.count(/You said：还在吗/)).toBe(0);
    await chief.say("/排空 恢复");
    await stranger.reads(/You said：还在吗/);
  }, 120_000);
});

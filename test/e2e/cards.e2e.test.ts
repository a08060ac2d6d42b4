import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser } from "playwright-core";
import { browserAvailable, launchBrowser } from "../support/browser.ts";
import type { Stack } from "../support/stack.ts";
import { startStack } from "../support/stack.ts";
import type { Person } from "./person.ts";
import { openChat } from "./person.ts";

// Retires the risk that a card can be pressed in a test of its parts and not by a person.

const APP = { name: "assistant", settings: { cards: true } };

const describeInBrowser = browserAvailable() ? describe : describe.skip;

describeInBrowser("a person who is shown cards", () => {
  let stack: Stack;
  let browser: Browser;
  const problems: string[] = [];

  beforeAll(async () => {
    const env = { TURN_QUIET_MS: "300", CARD_AFTER_SECONDS: "1" };
    [stack, browser] = await Promise.all([startStack({ apps: [APP], workers: 2, env }), launchBrowser()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(problems.splice(0)).toEqual([]);
  });

  const arrive = (user: string): Promise<Person> =>
    openChat(browser, stack.emulatorUrl, {
      user,
      app: APP.name,
      onProblem: (problem) => void problems.push(problem),
    });

  it("stops a long task with its button, and reads so on the card", async () => {
    const anna = await arrive("anna");
    await anna.say("长任务 1800");
    await anna.reads("⏳ 处理中");
    await anna.pressOnCard("停止");
    await anna.readsOnCard("已停止");
    await anna.reads(/^⏹ 已停止，运行了 \d+ 秒$/);
    expect(await anna.count("⏳ 处理中")).toBe(0);
    await anna.say("/状态");
    await anna.reads(/空闲/);
  }, 120_000);

  it("reads on the card that a task is done", async () => {
    const bert = await arrive("bert");
    await bert.say("long 3");
    await bert.reads("⏳ 处理中");
    await bert.reads(/Done after 3 s/);
    await bert.readsOnCard("已完成");
  }, 120_000);

  it("allows and refuses with the buttons", async () => {
    const [allows, refuses] = [await arrive("allower"), await arrive("refuser")];
    await allows.say("审批");
    await allows.reads("rm -r ./tmp/demo");
    await allows.pressOnCard("批准一次");
    await allows.reads(/已获批准/);
    await allows.readsOnCard("已批准");
    await refuses.say("approval");
    await refuses.reads("rm -r ./tmp/demo");
    await refuses.pressOnCard("拒绝");
    await refuses.reads(/Denied; nothing was done/);
    await refuses.readsOnCard("已拒绝");
  }, 120_000);
});

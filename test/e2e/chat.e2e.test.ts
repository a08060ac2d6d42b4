import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { browserAvailable, launchBrowser, watchPage } from "../support/browser.ts";
import type { StartedGateway } from "../support/start-script.ts";
import { runStartScript } from "../support/start-script.ts";

const PATIENCE_MS = 30_000;

// Without a Chromium these are reported as skipped.
const describeInBrowser = browserAvailable() ? describe : describe.skip;

describeInBrowser("a person in front of npm start", () => {
  let gateway: StartedGateway;
  let browser: Browser;
  const problems: string[] = [];
  beforeAll(async () => {
    gateway = await runStartScript();
    [browser] = await Promise.all([launchBrowser(), gateway.untilUp()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await gateway?.clean();
  });

  const open = async (port: number): Promise<Page> => {
    const context = await browser.newContext({ locale: "en-US", viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    watchPage(page, (problem) => problems.push(problem));
    await page.goto(`http://127.0.0.1:${port}/`);
    return page;
  };

  it("writes on the chat page and reads the agent's answer", async () => {
    const page = await open(gateway.ports.emulator);
    await page.getByRole("textbox", { name: "Write a message" }).fill("hello, 你好 👋");
    await page.getByRole("button", { name: "Send" }).click();
    const log = page.getByRole("log", { name: "Messages" });
    await log.getByText(/said.*hello, 你好 👋/).waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it("gets a long answer whole and in order, in more than one message", async () => {
    const page = await open(gateway.ports.emulator);
    await page.getByRole("textbox", { name: "Write a message" }).fill("report");
    await page.keyboard.press("Enter");
    const log = page.getByRole("log", { name: "Messages" });
    await log.getByText("8. 季度报告").waitFor();
    const text = (await log.textContent()) ?? "";
    const order = [...text.matchAll(/(\d)\. 季度报告/g)].map((match) => Number(match[1]));
    expect(order).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    await page.context().close();
  });

  it("signs in to the console with the printed password and finds the queues", async () => {
    const [, password = ""] = gateway.process.logs().match(/password (\S+)\)/) ?? [];
    const page = await open(gateway.ports.console);
    await page.getByLabel(/user/i).fill("admin");
    await page.getByLabel(/password/i).fill(password);
    await page.getByRole("button", { name: /sign in/i }).click();
    await page.getByRole("heading", { name: /all is well|needs a look/i }).waitFor();
    await page.context().close();
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "../support/browser.ts";
import { reap } from "../support/reaper.mjs";
import type { Stack } from "../support/stack.ts";
import { startStack } from "../support/stack.ts";

const IMAGES = join(import.meta.dirname, "../../docs/images");
const ANSWERS = join(import.meta.dirname, "answers.mjs");
const PATIENCE_MS = 60_000;

const ASSISTANT = { name: "assistant", settings: { cards: true } };
const REPORTER = {
  name: "reporter",
  settings: {
    reply_numbers: true,
    reply_file_after_chunks: 0,
    runner: { kind: "command", command: [process.execPath, ANSWERS] },
  },
};

const runDir = mkdtempSync(join(tmpdir(), "gateway-pictures-"));
process.env.TEST_RUN_DIR = runDir;
process.once("exit", () => {
  reap(runDir);
  rmSync(runDir, { recursive: true, force: true, maxRetries: 3 });
});

/** The chat of one member with one app, as tall as it has to be. */
async function openChat(browser: Browser, stack: Stack, app: string, height: number): Promise<Page> {
  const viewport = { width: 820, height };
  const context = await browser.newContext({ locale: "zh-CN", viewport, deviceScaleFactor: 1.5 });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(stack.emulatorUrl);
  await page.getByRole("button", { name: new RegExp(`\\b${app}\\b`) }).click();
  await page.getByRole("heading", { name: app, exact: true }).waitFor();
  return page;
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByRole("textbox", { name: /输入消息/ }).fill(text);
  await page.keyboard.press("Enter");
}

const log = (page: Page) => page.getByRole("log");

async function take(page: Page, name: string): Promise<void> {
  // What is animated has come to rest.
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)));
  await page.screenshot({ path: join(IMAGES, `${name}.png`) });
  process.stdout.write(`docs/images/${name}.png\n`);
  await page.context().close();
}

async function tableAndCode(browser: Browser, stack: Stack): Promise<void> {
  const page = await openChat(browser, stack, REPORTER.name, 900);
  await say(page, "用表格总结一下第三季度的销售");
  await log(page).getByText("GROUP BY region").waitFor();
  await take(page, "chat-table-code");
}

async function longReply(browser: Browser, stack: Stack): Promise<void> {
  const page = await openChat(browser, stack, REPORTER.name, 900);
  await say(page, "请详细说明");
  await log(page)
    .getByText(/^\(2\/\d+\)/)
    .scrollIntoViewIfNeeded();
  await take(page, "chat-long");
}

async function cards(browser: Browser, stack: Stack): Promise<void> {
  const page = await openChat(browser, stack, ASSISTANT.name, 860);
  await say(page, "长任务 1800");
  await log(page).getByRole("button", { name: "停止", exact: true }).click();
  await log(page).getByRole("button", { name: "已停止" }).waitFor();
  await say(page, "审批");
  await log(page).getByRole("button", { name: "批准一次" }).waitFor();
  await take(page, "chat-cards");
}

const env = { TURN_QUIET_MS: "300", CARD_AFTER_SECONDS: "1" };
const stack = await startStack({ apps: [ASSISTANT, REPORTER], env });
const browser = await launchBrowser();
try {
  for (const picture of [tableAndCode, longReply, cards]) await picture(browser, stack);
} finally {
  await browser.close();
  await stack.stop();
}

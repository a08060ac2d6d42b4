import { conversationId, createQueue } from "@gateway/conversation";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { freePort } from "../../scripts/lib/ports.mjs";
import { browserAvailable, launchBrowser } from "../support/browser.ts";
import type { SpawnedProcess } from "../support/process.ts";
import { spawnService } from "../support/process.ts";
import type { TestRedis } from "../support/redis.ts";
import { startRedis } from "../support/redis.ts";

const SECRET = "my medical question";
const JOB_ID = "cb-ww1-1000002-zhangsan-1";

(browserAvailable() ? describe : describe.skip)("the console in a browser", () => {
  let redis: TestRedis;
  let console: SpawnedProcess;
  let browser: Browser;
  let url: string;
  let password: string;

  beforeAll(async () => {
    redis = await startRedis();
    console = spawnService("console", {
      REDIS_URL: redis.url,
      REDIS_PREFIX: redis.prefix,
      CONSOLE_PORT: String(await freePort()),
    });
    const [, said = ""] = await console.waitForLog(/sign in as admin with ([\w-]+)/);
    const [, address = ""] = await console.waitForLog(/"address":"(http:[^"]+)\/"/);
    [url, password] = [address, said];
    const connection = redis.client();
    const inbound = createQueue("inbound", { connection, prefix: redis.prefix });
    const conversation = conversationId({ corpId: "ww1", agentId: "1000002", userId: "zhangsan" });
    await inbound.add("text", { v: 1, conversation, kind: "text", content: SECRET }, { jobId: JOB_ID });
    await inbound.close();
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await console?.kill();
    await redis.stop();
  });

  it("signs in with the password of this run and sees the queues, in two languages", async () => {
    const { page, faults } = await openPage();
    await page.goto(`${url}/queues/`);
    await signIn(page, "not this one");
    await expectText(page, "[role=alert]", "User or password is wrong.");
    await signIn(page, password);

    // Bull Board, which is where this visit began.
    await page.getByText("inbound").first().waitFor();
    expect(new URL(page.url()).pathname).toBe("/queues/");
    await page.goto(`${url}/queues/queue/inbound/${JOB_ID}`);
    await page.getByText("[redacted: 19 characters]").first().waitFor();
    expect(await page.content()).not.toContain(SECRET);

    await page.goto(url);
    await expectText(page, "h1", "All is well", "Needs a look");
    await expectText(page, "tbody tr:first-child", "inbound");
    await page.getByText("中文").click();
    await expectText(page, "h2", "队列");
    await page.goto(`${url}/queues/queue/inbound`);
    await page.getByText("已完成").first().waitFor();
    expect(faults).toEqual([]);
  });

  it("changes what an operator asks for with the session's token, and shows on the audit page who did", async () => {
    const { page, faults } = await openPage();
    await page.goto(`${url}/queues/queue/dead`);
    await signIn(page, password);
    // Bull Board's own client, as its buttons use it.
    await page.locator("button[aria-haspopup=menu]").nth(1).click();
    const answered = page.waitForResponse((response) => response.url().endsWith("/dead/pause"));
    await page.getByRole("menuitem", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Confirm" }).click();
    expect((await answered).status()).toBe(200);
    await page.goto(`${url}/audit`);
    await expectText(
      page,
      "table.audit tbody tr:first-child",
      "path /queues/api/queues/dead/pause · status 200",
    );
    expect(faults).toEqual([]);
  });

  it("keeps its figures true while it is open", async () => {
    const { page, faults } = await openPage();
    await page.goto(url);
    await signIn(page, password);
    await expectText(page, "tbody tr:first-child td:nth-child(2)", "1");
    const inbound = createQueue("inbound", { connection: redis.client(), prefix: redis.prefix });
    await inbound.add("text", { v: 1 }, { jobId: "cb-2" });
    await inbound.close();
    await page.locator("tbody tr:first-child td:nth-child(2)", { hasText: "2" }).waitFor();
    expect(faults).toEqual([]);
  });

  it("does not move under a reader who is at work in it, and goes on afterwards", async () => {
    const { page, faults } = await openPage();
    await page.clock.install();
    await page.goto(url);
    await signIn(page, password);
    const link = page.locator("tbody a").first();
    await link.waitFor();
    const refreshes = async () => {
      await countFetches(page);
      await page.clock.runFor(5000);
      return page.evaluate(() => Number(document.documentElement.dataset.fetches) > 0);
    };
    const renewed = () => page.locator("tbody[data-old]").waitFor({ state: "detached" });

    await link.focus();
    expect(await refreshes()).toBe(false);
    expect(await link.evaluate((element) => element === document.activeElement)).toBe(true);
    await link.blur();
    expect(await refreshes()).toBe(true);
    await renewed();

    await page.locator("main h2").first().selectText();
    expect(await refreshes()).toBe(false);
    expect(await page.evaluate(() => String(getSelection()))).toBe("Queues");
    await page.evaluate(() => getSelection()?.removeAllRanges());
    expect(await refreshes()).toBe(true);
    await renewed();
    expect(faults).toEqual([]);
  });

  it("tells readers who do not see it of what has changed, from a place that stays", async () => {
    const { page } = await openPage();
    await page.clock.install();
    await page.goto(url);
    await signIn(page, password);
    await page.locator("main h1").waitFor();
    await page.evaluate(() => document.querySelector("[role=status]")?.setAttribute("data-kept", ""));
    const inbound = createQueue("inbound", { connection: redis.client(), prefix: redis.prefix });
    await inbound.pause();
    await countFetches(page);
    await page.clock.runFor(5000);
    await page.locator("tbody[data-old]").waitFor({ state: "detached" });
    const said = page.locator("[role=status][data-kept]", { hasText: "Needs a look" });
    await said.waitFor({ state: "attached" });
    await inbound.resume();
    await inbound.close();
    expect(await page.locator("[role=status]").count()).toBe(1);
  });

  it("asks to sign in again after signing out, also where the page is open in another tab", async () => {
    const { page } = await openPage();
    await page.goto(url);
    await signIn(page, password);
    const other = await page.context().newPage();
    await other.goto(url);
    await page.getByText("Sign out").click();
    await page.waitForURL(/\/login$/);
    await other.waitForURL(/\/login\?next=/);
    await page.goBack();
    await page.waitForURL(/\/login/);
  });

  it("stops at once when it is told to", async () => {
    console.signal("SIGTERM");
    expect(await console.exited).toEqual({ code: 0, signal: null });
  });

  /** A page that notes what a strict Content-Security-Policy blocked, what failed to load and what threw. */
  async function openPage(): Promise<{ page: Page; faults: string[] }> {
    const context = await browser.newContext({ locale: "en-US" });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("requestfailed", (failed) => {
      // What a page was still asking for when the next one was opened.
      if (failed.failure()?.errorText !== "net::ERR_ABORTED") faults.push(failed.url());
    });
    page.on("request", (sent) => {
      if (!sent.url().startsWith(url) && !sent.url().startsWith("data:")) faults.push(sent.url());
    });
    page.on("console", (message) => {
      const isRefusedLogin = message.location().url.endsWith("/login");
      if (message.type() === "error" && !isRefusedLogin) faults.push(message.text());
    });
    return { page, faults };
  }
});

/** From now on, in the page itself; and marks what a refresh replaces. */
async function countFetches(page: Page): Promise<void> {
  await page.evaluate(() => {
    document.querySelector("tbody")?.setAttribute("data-old", "");
    const { dataset } = document.documentElement;
    dataset.fetches = "0";
    const original = window.fetch;
    window.fetch = (...request) => {
      dataset.fetches = "1";
      window.fetch = original;
      return original(...request);
    };
  });
}

async function signIn(page: Page, password: string): Promise<void> {
  await page.getByLabel("User").fill("admin");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

async function expectText(page: Page, selector: string, ...oneOf: readonly string[]): Promise<void> {
  const text = await page.locator(selector).first().textContent();
  expect(oneOf.filter((part) => text?.includes(part))).not.toEqual([]);
}

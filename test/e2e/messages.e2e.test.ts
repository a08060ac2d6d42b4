import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { PASSWORD, startConsole, USER } from "../integration/console/harness.ts";
import type { TestGateway } from "../integration/timeline/harness.ts";
import { eventsUntil, startGateway } from "../integration/timeline/harness.ts";
import { browserAvailable, launchBrowser, watchPage } from "../support/browser.ts";

(browserAvailable() ? describe : describe.skip)("messages and dead letters in a browser", () => {
  let gateway: TestGateway;
  let console: Awaited<ReturnType<typeof startConsole>>;
  let browser: Browser;
  let page: Page;
  const faults: string[] = [];
  beforeAll(async () => {
    gateway = await startGateway();
    console = await startConsole({ redisUrl: gateway.redis.url, prefix: gateway.redis.prefix });
    browser = await launchBrowser();
    const context = await browser.newContext({ locale: "en-US", timezoneId: "Asia/Shanghai" });
    page = await context.newPage();
    watchPage(page, (fault) => faults.push(fault));
    await page.goto(`${console.url}/messages`);
    await page.getByLabel("User").fill(USER);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("No messages found").waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await console?.stop();
    await gateway?.stop();
  });

  it("finds a person's message by a time of the reader's own clock, and follows it to the dead letter and back", async () => {
    gateway.emulator.setFaults([
      { match: { path: "message/send", user: "zhangsan" }, action: { type: "errcode", errcode: 81013 } },
    ]);
    const id = await gateway.say("zhangsan", "hello");
    await eventsUntil(gateway, await gateway.say("lisi", "hello"), "finished");
    await eventsUntil(gateway, id, "finished");

    await page.getByLabel("User").fill("ZhangSan");
    await page.getByLabel("From").fill(localTime(Date.now() - 5 * 60_000));
    await page.getByLabel("To", { exact: true }).fill(localTime(Date.now() + 5 * 60_000));
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByRole("cell", { name: "zhangsan", exact: true }).waitFor();
    expect(await page.locator("tbody tr").count()).toBe(1);
    const time = page.locator("tbody time");
    expect(await time.textContent()).toContain(clockOf((await time.getAttribute("datetime")) ?? ""));

    await page.locator("tbody a").click();
    await page.getByText("WeCom refused part 1 of 1").waitFor();
    await page.getByRole("link", { name: `dead-re-${id}` }).click();
    await page.getByRole("button", { name: "Replay" }).click();
    await page.getByText("1 dead letter replayed.").waitFor();
    await page.goto(`${console.url}/messages/${encodeURIComponent(id)}`);
    await page.getByText("Delivered", { exact: true }).waitFor();
    expect(faults).toEqual([]);
  });

  it("drops what was selected, after asking again", async () => {
    for (const user of ["wangwu", "sunqi"])
      await eventsUntil(gateway, await gateway.say(user, "fail"), "finished");
    await page.goto(`${console.url}/dead`);
    await page
      .getByRole("row", { name: /wangwu/ })
      .getByRole("checkbox")
      .check();
    await page.getByRole("button", { name: "Drop…" }).click();
    await page.getByRole("heading", { name: "Drop 1 dead letter for good?" }).waitFor();
    await page.getByRole("link", { name: "Keep" }).click();
    expect(await page.locator("tbody tr").count()).toBe(2);
    await page
      .getByRole("row", { name: /wangwu/ })
      .getByRole("checkbox")
      .check();
    await page.getByRole("button", { name: "Drop…" }).click();
    await page.getByRole("button", { name: "Drop for good" }).click();
    await page.getByText("1 dead letter dropped.").waitFor();
    expect(await page.locator("tbody tr").count()).toBe(1);
    expect(faults).toEqual([]);
  });

  it("follows a message that is under way until it is over", async () => {
    const id = await gateway.say("zhouba", "long 4");
    await eventsUntil(gateway, id, "run_started");
    await page.goto(`${console.url}/messages/${encodeURIComponent(id)}`);
    await page.locator("h1", { hasText: "agent runs" }).waitFor();
    await page.locator("h1", { hasText: "delivered" }).waitFor();
    expect(faults).toEqual([]);
  });
});

/** As `<input type="datetime-local">` takes it, on a clock in Shanghai. */
function localTime(atMs: number): string {
  return new Date(atMs + 8 * 3600_000).toISOString().slice(0, 16);
}

/** Hour and minute as a clock in Shanghai shows them. */
function clockOf(iso: string): string {
  const options = { timeZone: "Asia/Shanghai", hour: "numeric", minute: "2-digit", hour12: true } as const;
  const parts = new Intl.DateTimeFormat("en-US", options).formatToParts(new Date(iso));
  return ["hour", "minute"].map((part) => parts.find(({ type }) => type === part)?.value).join(":");
}

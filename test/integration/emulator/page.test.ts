import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { browserAvailable, launchBrowser } from "../../support/browser.ts";
import type { Receiver, Running } from "./harness.ts";
import { APP, STRANGER, startEmulator, startReceiver } from "./harness.ts";

const describeInBrowser = browserAvailable() ? describe : describe.skip;

let browser: Browser;
let wecom: Running;
let receiver: Receiver;
let page: Page;
/** Everything the browser complained of, policy violations included. */
let complaints: string[];

const OPTIONS = { menu: [{ type: "click", name: "New", key: "/new" }] };

async function open(options: { locale?: string; width?: number } = {}): Promise<Page> {
  const context = await browser.newContext({
    locale: options.locale ?? "en-US",
    viewport: { width: options.width ?? 1440, height: 900 },
  });
  const opened = await context.newPage();
  opened.on("console", (message) => complaints.push(message.text()));
  opened.on("pageerror", (error) => complaints.push(String(error)));
  await opened.goto(wecom.url);
  await opened.getByRole("heading", { name: APP.name, exact: true }).waitFor();
  return opened;
}

const log = () => page.getByRole("log");
const bubble = (text: string) => log().locator(".bubble", { hasText: text });

describeInBrowser("the chat page", () => {
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    complaints = [];
    receiver = await startReceiver(APP);
    wecom = await startEmulator({ apps: [{ ...APP, ...OPTIONS, callbackUrl: receiver.url }, STRANGER] });
    page = await open();
  });
  afterEach(async () => {
    await page.context().close();
    await wecom.emulator.close();
    await receiver.close();
    expect(complaints).toEqual([]);
  });

  it("sends what is typed, tells that it was received, and shows the answer by itself", async () => {
    await page.getByRole("textbox", { name: "Write a message" }).fill("你好 <b>&");
    await page.keyboard.press("Enter");
    await bubble("你好 <b>&").waitFor();
    await log()
      .getByText(/✓ received/)
      .waitFor();
    expect(receiver.received[0]?.message).toMatchObject({ kind: "text", content: "你好 <b>&" });
    await wecom.send("an answer");
    await bubble("an answer").waitFor();
    await page
      .getByRole("button", { name: /helper/ })
      .getByText("an answer")
      .waitFor();
  });

  it("talks as any member, to each app apart", async () => {
    await wecom.send("for lisi", { touser: "lisi" });
    await page.getByLabel("You are the member").fill("lisi");
    await page.keyboard.press("Enter");
    await bubble("for lisi").waitFor();
    await page.getByRole("button", { name: /stranger/ }).click();
    await page.getByText("Say hello to stranger").waitFor();
    expect(await bubble("for lisi").count()).toBe(0);
  });

  it("shows everything as text and runs nothing", async () => {
    const evil = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
    await wecom.send(evil);
    await wecom.send("", {
      msgtype: "markdown",
      markdown: { content: `# ${evil}\n[x](javascript:alert(1))` },
    });
    await wecom.send("", {
      msgtype: "textcard",
      textcard: { title: evil, description: evil, url: "https://x.example" },
    });
    await bubble("<script>").nth(2).waitFor();
    expect(await log().locator("script, img").count()).toBe(0);
    expect(await log().locator('a[href^="javascript"]').count()).toBe(0);
    expect(await page.title()).toBe("WeCom emulator");
  });

  it("renders links and the markdown that WeCom knows", async () => {
    await wecom.send('see <a href="https://a.example/">this page</a>');
    await wecom.send("", {
      msgtype: "markdown",
      markdown: { content: '**bold** <font color="info">green</font>\n- item' },
    });
    const anchor = log().getByRole("link", { name: "this page" });
    await anchor.waitFor();
    expect(await anchor.getAttribute("href")).toBe("https://a.example/");
    await log().locator("strong", { hasText: "bold" }).waitFor();
    await log().locator(".font-info", { hasText: "green" }).waitFor();
    await log().getByText("- item").waitFor();
  });

  it("flags what was cut and what was dropped, and shows recalled messages as recalled", async () => {
    await wecom.send("x".repeat(3000));
    await log().getByText("cut at 2048 of 3000 bytes").waitFor();
    const { msgid } = await wecom.send("not meant");
    await bubble("not meant").waitFor();
    await wecom.post("message/recall", { msgid }, { access_token: await wecom.token() });
    await log().getByText("helper recalled a message").waitFor();
    expect(await bubble("not meant").count()).toBe(0);
    for (let index = 0; index < 29; index += 1) await wecom.send(`message ${index}`);
    await log().getByText("Dropped: more than 30 messages in a minute").waitFor();
    await bubble("message 28").click();
    await page.getByRole("tabpanel").getByText("WeCom answered success all the same").waitFor();
  });

  it("has cards whose buttons work, and shows their update", async () => {
    await wecom.send("", {
      msgtype: "template_card",
      template_card: {
        card_type: "vote_interaction",
        task_id: "t1",
        main_title: { title: "Lunch?" },
        checkbox: {
          question_key: "dish",
          option_list: [
            { id: "a", text: "Noodles" },
            { id: "b", text: "Rice" },
          ],
        },
        submit_button: { text: "Vote", key: "vote" },
      },
    });
    await page.getByLabel("Rice").check();
    await page.getByRole("button", { name: "Vote" }).click();
    await log().getByText("You pressed “vote” on a card").waitFor();
    const event = receiver.received.at(-1)?.message;
    expect(event).toMatchObject({
      event: "template_card_event",
      eventKey: "vote",
      selectedItems: [{ questionKey: "dish", optionIds: ["b"] }],
    });
    const response_code = event !== undefined && "responseCode" in event ? event.responseCode : "";
    const update = {
      userids: ["zhangsan"],
      agentid: 1000002,
      response_code,
      button: { replace_name: "Voted" },
    };
    await wecom.post("message/update_template_card", update, { access_token: await wecom.token() });
    await page.getByRole("button", { name: "Voted" }).waitFor();
  });

  it("presses menu buttons, enters the app and sends files", async () => {
    await page.getByRole("button", { name: "New", exact: true }).click();
    await log().getByText("You pressed the menu button “/new”").waitFor();
    await page.getByRole("button", { name: /Open the app/ }).click();
    await log().getByText("You opened the app").waitFor();
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "File" }).click();
    await (await chooser).setFiles({
      name: "报告.txt",
      mimeType: "text/plain",
      buffer: Buffer.from("a report"),
    });
    await log().getByText("报告.txt").waitFor();
    expect(
      receiver.received.map(({ message }) => ("event" in message ? message.event : message.kind)),
    ).toEqual(["click", "enter_agent", "file"]);
  });

  it("sets a fault and shows what it did to the call", async () => {
    await page.getByRole("tab", { name: "Conditions" }).click();
    await page.getByRole("button", { name: /System busy/ }).click();
    await page.getByText("message/send → errcode -1").waitFor();
    expect((await wecom.send("x")).errcode).toBe(-1);
    await page.getByText("used up").waitFor();
    await page.getByRole("tab", { name: "API calls" }).click();
    await page.getByRole("tabpanel").getByText("system busy").waitFor();
  });

  it("speaks Chinese, and fits a phone without scrolling sideways", async () => {
    const phone = await open({ locale: "zh-CN", width: 375 });
    await phone.getByRole("button", { name: "发送", exact: true }).waitFor();
    const overflow = await phone.evaluate("document.documentElement.scrollWidth - innerWidth");
    expect(overflow).toBeLessThanOrEqual(0);
    await phone.getByRole("button", { name: "Switch to English" }).click();
    await phone.getByRole("button", { name: "Send", exact: true }).waitFor();
    await phone.context().close();
  });
});

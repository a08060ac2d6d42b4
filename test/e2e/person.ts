import type { Browser, Locator } from "playwright-core";
import { watchPage } from "../support/browser.ts";

const PATIENCE_MS = 60_000;

/** Somebody in front of the emulator's chat page, who sees and does what a member of WeCom sees and does. */
export interface Person {
  say(text: string): Promise<void>;
  /** Presses a button of the app's menu. */
  press(button: string): Promise<void>;
  /** Presses a button of the newest card that has it. */
  pressOnCard(button: string): Promise<void>;
  /** Waits until a card shows this in place of its buttons. */
  readsOnCard(button: string): Promise<void>;
  /** Opens the app's chat, which WeCom tells the app. */
  enter(): Promise<void>;
  /** Waits until the chat shows it. Returns the newest message that does. */
  reads(text: string | RegExp): Promise<string>;
  /** How many messages of the chat show it now. */
  count(text: string | RegExp): Promise<number>;
}

/** `onProblem` is told what the browser complains of. */
export async function openChat(
  browser: Browser,
  url: string,
  who: { readonly user: string; readonly app: string; readonly onProblem: (problem: string) => void },
): Promise<Person> {
  const context = await browser.newContext({ locale: "en-US", viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  watchPage(page, who.onProblem);
  await page.goto(url);
  await page.getByRole("button", { name: new RegExp(`\\b${who.app}\\b`) }).click();
  await page.getByRole("heading", { name: who.app, exact: true }).waitFor();
  await page.getByLabel("You are the member").fill(who.user);
  await page.keyboard.press("Enter");

  const log = page.getByRole("log", { name: "Messages" });
  const shown = (text: string | RegExp): Locator => log.getByText(text);
  const draft = page.getByRole("textbox", { name: "Write a message" });
  return {
    async say(text) {
      await draft.fill(text);
      await page.getByRole("button", { name: "Send", exact: true }).click();
    },
    press: (button) =>
      page.getByRole("toolbar", { name: "App menu" }).getByRole("button", { name: button }).click(),
    pressOnCard: (button) => log.getByRole("button", { name: button, exact: true }).last().click(),
    readsOnCard: (button) =>
      log.getByRole("button", { name: button, exact: true, disabled: true }).last().waitFor(),
    enter: () => page.getByRole("button", { name: /Open the app/ }).click(),
    async reads(text) {
      const newest = shown(text).last();
      await newest.waitFor();
      return (await newest.textContent()) ?? "";
    },
    count: (text) => shown(text).count(),
  };
}

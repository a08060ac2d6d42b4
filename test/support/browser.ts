import type { Browser, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { findBrowser } from "../../scripts/lib/browser.mjs";

/** Whether this machine has a Chromium; end-to-end tests are skipped, visibly, where it has none. */
export function browserAvailable(): boolean {
  return findBrowser(process.env) !== undefined;
}

/** A headless Chromium that talks to nobody but the page it is given. The caller closes it. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser(process.env);
  if (executablePath === undefined)
    throw new Error("no Chromium found: set CHROMIUM_PATH or install chromium");
  return await chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Tells what the browser complains of while a page is used. */
export function watchPage(page: Page, onProblem: (problem: string) => void): void {
  page.on("pageerror", (error) => onProblem(error.message));
  page.on("console", (message) => {
    // The machine got a network or lost one, as it does beside Docker: the page has to ask again, and does.
    const isOfMachine = message.text().includes("net::ERR_NETWORK_CHANGED");
    if (message.type() === "error" && !isOfMachine) onProblem(message.text());
  });
}

import type { Browser } from "playwright-core";
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

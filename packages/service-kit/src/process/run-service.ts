import process from "node:process";
import { ConfigError } from "../config/config-error.ts";
import { createMaskText } from "../logging/mask-text.ts";
import { scrubError } from "../logging/scrub-error.ts";

/**
 * Runs a main file's function. When it fails, the reason goes to stderr and the process exits with 1: a
 * ConfigError in plain words for the operator, anything else with its stack.
 */
export async function runService(name: string, main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const { message, stack } = scrubError(error);
    const text = error instanceof ConfigError ? error.message : createMaskText([])(stack ?? message);
    process.stderr.write(`${name} did not start. ${text}\n`);
    process.exit(1);
  }
}

import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { reap } from "../support/reaper.mjs";
import { runChaos } from "./chaos.ts";

const { values } = parseArgs({
  options: {
    /** May be given several times. Without it, one at random. */
    seed: { type: "string", multiple: true },
    conversations: { type: "string", default: "200" },
    messages: { type: "string", default: "50" },
    /** How often each kind of fault happens. */
    rounds: { type: "string", default: "6" },
  },
});

const runDir = mkdtempSync(join(tmpdir(), "gateway-faults-"));
process.env.TEST_RUN_DIR = runDir;
process.once("exit", () => {
  reap(runDir);
  rmSync(runDir, { recursive: true, force: true, maxRetries: 3 });
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const log = (line: string) => void process.stdout.write(`${new Date().toISOString()} ${line}\n`);
for (const seed of values.seed?.map(Number) ?? [randomInt(1_000_000)]) {
  log(`seed ${seed}: ${values.conversations} conversations × ${values.messages} messages`);
  const { violations } = await runChaos({
    seed,
    conversations: Number(values.conversations),
    messagesEach: Number(values.messages),
    rounds: Number(values.rounds),
    quietTimeoutMs: 600_000,
    log,
  });
  for (const { rule, conversation, detail } of violations) log(`${rule} (${conversation}): ${detail}`);
  if (violations.length > 0) {
    log(`FAILED. The same decisions again: npm run faults -- --seed ${seed}`);
    process.exitCode = 1;
  }
}

import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkHistory } from "../check-history.ts";
import type { FaultStack } from "../fault-stack.ts";
import { startFaultStack } from "../fault-stack.ts";
import { loadUnder } from "../load-under.ts";
import { createRandom } from "../random.ts";
import { untilRefused } from "../redis-states.ts";
import type { Scenario, ScenarioOptions, ScenarioViolation } from "../scenario.ts";
import { writeHistory } from "../write-history.ts";

const DISK_SIZE = "64m";
const REST_WITHIN_MS = 60_000;
const CHECK = { maxAttempts: 3, toldWithinMs: 60_000 };

export const scenario: Scenario = {
  what: "the disk of Redis is full, for its append-only file",
  async run(options) {
    const dir = mkdtempSync(join(tmpdir(), "faults-disk-"));
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_SIZE}`, "tmpfs", dir], { stdio: "ignore" });
    } catch {
      rmdirSync(dir);
      return { skipped: "a small disk can be mounted by root on Linux only" };
    }
    try {
      const gateway = await startFaultStack({ workers: 2, redisDir: dir });
      try {
        return await fillTheDisk(gateway, dir, options);
      } finally {
        await gateway.stop();
      }
    } finally {
      execFileSync("umount", [dir]);
      rmdirSync(dir);
    }
  },
};

async function fillTheDisk(
  gateway: FaultStack,
  dir: string,
  { seed, size, log }: ScenarioOptions,
): Promise<readonly ScenarioViolation[]> {
  // A Redis that promises to sync every write ends itself when it cannot; this one refuses writes until it can.
  await gateway.redis.config("SET", "appendfsync", "everysec");
  const operator = gateway.stack.redis.client({ enableReadyCheck: false });
  const filler = join(dir, "filler");
  const fault = {
    name: "disk-full",
    lastsMs: size === "small" ? 4000 : 15_000,
    async begin() {
      fill(filler);
      await untilRefused(operator, "MISCONF");
    },
    end: async () => rmSync(filler),
  };
  const violations = await loadUnder(gateway, fault, {
    ...{ people: 6, messagesEach: 8, restWithinMs: REST_WITHIN_MS, log },
    random: createRandom(seed),
  });
  const events = await gateway.history();
  violations.push(...checkHistory(events, CHECK));
  if (violations.length > 0) log(`the whole history: ${writeHistory(events, gateway.stack.logs())}`);
  return violations;
}

/** Until the disk takes no more; others write to it, too. */
function fill(file: string): void {
  const block = Buffer.alloc(64 << 10);
  try {
    for (;;) appendFileSync(file, block);
  } catch {
    // What is left is less than a block; so take it in small pieces.
  }
  try {
    for (;;) appendFileSync(file, "x".repeat(512));
  } catch {
    // Full.
  }
}

import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmdirSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkHistory } from "../check-history.ts";
import { conclude } from "../conclude.ts";
import type { FaultStack } from "../fault-stack.ts";
import { startFaultStack } from "../fault-stack.ts";
import { loadUnder } from "../load-under.ts";
import { createRandom } from "../random.ts";
import { untilRefused } from "../redis-states.ts";
import type { Scenario, ScenarioOptions, ScenarioViolation } from "../scenario.ts";

const DISK_SIZE = "64m";
const REST_WITHIN_MS = 60_000;
const CHECK = { maxAttempts: 3, toldWithinMs: 60_000 };

export const scenario: Scenario = {
  what: "the disk of Redis is full, for its append-only file",
  cannot() {
    try {
      forgetDisk(mountDisk());
      return undefined;
    } catch {
      return "a small disk can be mounted by root on Linux only";
    }
  },
  async run(options) {
    const dir = mountDisk();
    const started = await startFaultStack({ workers: 2, redisDir: dir }).then(
      (gateway) => ({ gateway, filler: openSync(join(dir, "filler"), "w") }),
      (error: unknown) => ({ error }),
    );
    forgetDisk(dir);
    if ("error" in started) throw started.error;
    try {
      return await fillTheDisk(started.gateway, started.filler, options);
    } finally {
      closeSync(started.filler);
      await started.gateway.stop();
    }
  },
};

function mountDisk(): string {
  const dir = mkdtempSync(join(tmpdir(), "faults-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_SIZE}`, "tmpfs", dir], { stdio: "ignore" });
    return dir;
  } catch (error) {
    rmdirSync(dir);
    throw error;
  }
}

/** Lazily: the disk goes with whoever uses it, however this ends. */
function forgetDisk(dir: string): void {
  execFileSync("umount", ["--lazy", dir]);
  rmdirSync(dir);
}

async function fillTheDisk(
  gateway: FaultStack,
  filler: number,
  options: ScenarioOptions,
): Promise<readonly ScenarioViolation[]> {
  const { seed, size, log } = options;
  // A Redis that promises to sync every write ends itself when it cannot; this one refuses writes until it can.
  await gateway.redis.config("SET", "appendfsync", "everysec");
  const operator = gateway.stack.redis.client({ enableReadyCheck: false });
  const fault = {
    name: "disk-full",
    lastsMs: size === "small" ? 4000 : 15_000,
    async begin() {
      fill(filler);
      await untilRefused(operator, "MISCONF");
    },
    end: async () => ftruncateSync(filler, 0),
  };
  const violations = await loadUnder(gateway, fault, {
    ...{ people: 6, messagesEach: 8, restWithinMs: REST_WITHIN_MS, log },
    random: createRandom(seed),
  });
  const events = await gateway.history();
  return conclude(gateway, events, options, [...violations, ...checkHistory(events, CHECK)]);
}

/** Until the disk takes no more, not even a few bytes; others write to it, too. */
function fill(filler: number): void {
  for (const bytes of [64 << 10, 512]) {
    const block = Buffer.alloc(bytes);
    try {
      for (;;) writeSync(filler, block);
    } catch {
      // It is full for blocks of this size.
    }
  }
}

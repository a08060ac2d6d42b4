import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { PrivateRedis } from "../../support/private-redis.ts";
import { startPrivateRedis } from "../../support/private-redis.ts";
import type { ServiceHandle } from "../../support/service.ts";
import { createService } from "../../support/service.ts";
import type { Stack } from "../../support/stack.ts";
import { startStack } from "../../support/stack.ts";
import { waitUntil } from "../../support/wait-until.ts";

// Retires the risk that a backup as docs/operations.md makes it is found to be worth nothing when it is needed.

/** Where Redis 7 keeps its append-only files, below its directory. */
const AOF_DIR = "appendonlydir";

describe("a copy of the append-only files, taken while messages come in", () => {
  let dir: string;
  let stack: Stack;
  let restored: PrivateRedis | undefined;
  let worker: ServiceHandle | undefined;
  beforeEach(async () => {
    dir = await mkdtemp(join(process.env.TEST_RUN_DIR ?? tmpdir(), "backup-"));
    stack = await startStack({ env: { TURN_QUIET_MS: "0" } });
  });
  afterEach(async () => {
    await worker?.kill();
    await stack.stop();
    await restored?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  const say = async (user: string) => {
    const { status } = await stack.emulator.pushText({ app: "main", user, text: "hello" });
    return status === "acknowledged";
  };
  const answers = (user: string) => stack.emulator.seen({ app: "main", user }).length;

  it("makes a new server whose messages are answered, and nobody twice", async () => {
    expect(await say("answered")).toBe(true);
    await waitUntil("the first is answered", () => answers("answered") === 1, { describe: stack.logs });
    await stack.workers[0]?.kill("SIGTERM");
    const waiting = ["anna", "bert", "carl"];
    for (const user of waiting) expect(await say(user)).toBe(true);

    // As written in docs/operations.md, while people write on.
    const client = stack.redis.client();
    let isOver = false;
    const writing = (async () => {
      for (let count = 0; !isOver; count += 1) await say(`later${count}`);
    })();
    await client.config("SET", "auto-aof-rewrite-percentage", "0");
    await waitUntil("no rewrite is under way", async () =>
      /^aof_rewrite_in_progress:0\r?$/m.test(await client.info("persistence")),
    );
    await cp(join(stack.redis.dir, AOF_DIR), join(dir, AOF_DIR), { recursive: true });
    isOver = true;
    await writing;

    await stack.redis.kill();
    restored = await startPrivateRedis({ dir });
    const env = { ...stack.env, REDIS_URL: restored.url };
    worker = await createService({ service: "worker", portVariable: "WORKER_HEALTH_PORT", env });
    await worker.start();
    await waitUntil("who waited is answered", () => waiting.every((user) => answers(user) > 0), {
      timeoutMs: 60_000,
      describe: () => worker?.logs() ?? "",
    });
    const users = new Set(
      stack.emulator.sent({ app: "main" }).flatMap(({ receivers }) => receivers.map(({ userId }) => userId)),
    );
    expect([...users].filter((user) => answers(user) !== 1)).toEqual([]);
  }, 120_000);
});

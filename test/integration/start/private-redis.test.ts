import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { startPrivateRedis } from "../../../scripts/lib/private-redis.mjs";
import { rememberGroup } from "../../support/reaper.mjs";
import { trackClients } from "../../support/redis-clients.ts";

describe("the Redis of npm start", () => {
  let stateDir = "";
  const children: ChildProcess[] = [];
  beforeEach(() => {
    stateDir = mkdtempSync(join(tmpdir(), "gateway-state-"));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) await end(child);
    rmSync(stateDir, { recursive: true, force: true });
  });
  const start = async (dir = stateDir) => {
    const redis = await startPrivateRedis({ PATH: process.env.PATH ?? "" }, dir);
    children.push(redis.child);
    const forget = rememberGroup(process.env.TEST_RUN_DIR, redis.child.pid ?? 0);
    redis.child.once("exit", forget);
    return redis;
  };
  const withClient = async <Value>(
    url: string,
    use: (client: ReturnType<typeof clientOf>) => Promise<Value>,
  ) => {
    const clients = trackClients(url);
    try {
      return await use(clients.open());
    } finally {
      clients.closeAll();
    }
  };

  it("keeps everything over a restart, never evicts, and listens to this machine only", async () => {
    const first = await start();
    await withClient(first.url, async (client) => {
      await client.set("key", "kept");
      expect(await client.config("GET", "maxmemory-policy")).toEqual(["maxmemory-policy", "noeviction"]);
      expect(await client.config("GET", "bind")).toEqual(["bind", "127.0.0.1"]);
    });
    await end(first.child);
    const second = await start();
    expect(await withClient(second.url, (client) => client.get("key"))).toBe("kept");
  });

  it("is never started twice on the same files", async () => {
    await start();
    await expect(start()).rejects.toThrow(/already runs on port \d+.*Stop the gateway/s);
  });

  it("leaves the Redis of another checkout alone", async () => {
    const other = mkdtempSync(join(tmpdir(), "gateway-state-"));
    try {
      const [mine, theirs] = [await start(), await start(other)];
      expect(mine.url).not.toBe(theirs.url);
    } finally {
      for (const child of children.splice(0)) await end(child);
      rmSync(other, { recursive: true, force: true });
    }
  });
});

const clientOf = (url: string) => trackClients(url).open();

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await exited;
}

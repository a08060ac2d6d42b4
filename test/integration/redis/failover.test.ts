import { afterEach, describe, expect, it } from "@jest/globals";
import { answersTo } from "../../support/answers.ts";
import type { Topology } from "../../support/redis-topologies.ts";
import { startCluster, startSentinels } from "../../support/redis-topologies.ts";
import type { Stack } from "../../support/stack.ts";
import { startStack } from "../../support/stack.ts";
import { waitUntil } from "../../support/wait-until.ts";

// Retires the risk that the gateway works with one Redis server only, or loses at a failover what the replica had.

const PREFIX = "{failover}";
const login = { username: "gateway", password: "p@ss:word/1" };
const encoded = { username: login.username, password: encodeURIComponent(login.password) };

describe.each([
  [
    "sentinels, with an ACL user",
    async (): Promise<Topology> => {
      const started = await startSentinels(login);
      return {
        ...started,
        url: started.url.replace(`:${login.password}@`, `:${encoded.password}@`),
      };
    },
  ],
  ["a cluster of six", startCluster],
])("with %s", (_, start) => {
  let topology: Topology | undefined;
  let stack: Stack | undefined;
  afterEach(async () => {
    await stack?.stop();
    await topology?.stop();
  });

  it("a failover under load loses no acknowledged message and shows no reply twice", async () => {
    topology = await start();
    stack = await startStack({
      ingress: 2,
      workers: 2,
      env: { REDIS_URL: topology.url, REDIS_PREFIX: PREFIX, WORKER_DEAD_AFTER_SECONDS: "5" },
    });
    const { emulator, callbackUrls, logs } = stack;
    const users: string[] = [];
    let isOver = false;
    const say = async (user: string, callbackUrl: string) => {
      const push = await emulator.pushText({ app: "main", user, text: `hello from ${user}`, callbackUrl });
      // As WeCom does, and longer: what was not acknowledged is not promised.
      if (push.status === "acknowledged") users.push(user);
    };
    const load = callbackUrls.map(async (callbackUrl, replica) => {
      for (let count = 0; !isOver; count += 1) await say(`r${replica}-${count}`, callbackUrl);
    });
    await waitUntil("load runs", () => users.length >= 20);
    await topology.killPrimary(PREFIX);
    const before = users.length;
    await waitUntil("messages are acknowledged again after the failover", () => users.length >= before + 20, {
      timeoutMs: 90_000,
      describe: logs,
    });
    isOver = true;
    await Promise.all(load);
    const answers = (user: string) => answersTo(emulator, user, `hello from ${user}`).length;
    await waitUntil("everybody is answered", () => users.every((user) => answers(user) > 0), {
      timeoutMs: 120_000,
      describe: () => `${users.filter((user) => answers(user) === 0)}\n${logs()}`,
    });
    expect(users.filter((user) => answers(user) > 1)).toEqual([]);
    expect(logs()).not.toContain(login.password);
  }, 300_000);
});

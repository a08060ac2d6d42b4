import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { checkRedis } from "@gateway/service-kit";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { StartedRedisContainer } from "@testcontainers/redis";
import { RedisContainer } from "@testcontainers/redis";
import { dockerAnswers } from "../../../scripts/lib/docker.mjs";
import { trackClients } from "../../support/redis-clients.ts";
import type { Stack } from "../../support/stack.ts";
import { startStack } from "../../support/stack.ts";
import { waitUntil } from "../../support/wait-until.ts";

// Retires the risk that Valkey, which the docs promise, is only believed to work.

const IMAGE = "valkey/valkey:8";
const maybe = (await hasImage()) ? describe : describe.skip;

maybe(`with ${IMAGE} (skipped where no engine has the image)`, () => {
  let server: StartedRedisContainer;
  let clients: ReturnType<typeof trackClients>;
  let stack: Stack | undefined;
  beforeAll(async () => {
    server = await new RedisContainer(IMAGE)
      .withCommand(["valkey-server", "--appendonly", "yes", "--maxmemory-policy", "noeviction"])
      .start();
    clients = trackClients(server.getConnectionUrl());
  }, 180_000);
  afterAll(async () => {
    await stack?.stop();
    clients.closeAll();
    await server.stop();
  });

  it("the check at the start knows it, and finds what is wrong", async () => {
    const client = clients.open();
    expect(await client.info("server")).toMatch(/^valkey_version:/m);
    expect(await checkRedis(client)).toEqual([]);
    await client.config("SET", "maxmemory-policy", "allkeys-lru");
    const [problem] = await checkRedis(client);
    await client.config("SET", "maxmemory-policy", "noeviction");
    expect([problem?.severity, problem?.problem]).toEqual(["error", expect.stringContaining("allkeys-lru")]);
  });

  it("messages go through the stack, and wait for a worker that is away", async () => {
    stack = await startStack({
      ...{ ingress: 2, workers: 2, console: true },
      env: { REDIS_URL: server.getConnectionUrl(), TURN_QUIET_MS: "0" },
    });
    const { emulator, workers, callbackUrls, logs } = stack;
    const say = (user: string, callbackUrl: string | undefined) =>
      emulator.pushText({ ...{ app: "main", user, text: "hello" }, callbackUrl });
    const untilAnswered = (users: readonly string[]) =>
      waitUntil(
        "everybody is answered",
        () => users.every((user) => emulator.seen({ app: "main", user }).length === 1),
        { describe: logs },
      );
    for (const [index, callbackUrl] of callbackUrls.entries())
      expect(await say(`early${index}`, callbackUrl)).toMatchObject({ status: "acknowledged" });
    await untilAnswered(["early0", "early1"]);
    await Promise.all(workers.map((worker) => worker.kill()));
    expect(await say("late", callbackUrls[0])).toMatchObject({ status: "acknowledged" });
    await workers[0]?.start();
    await untilAnswered(["late"]);
  }, 120_000);
});

/** Not pulled here: that is what .ci/run and whoever runs an engine do. */
async function hasImage(): Promise<boolean> {
  if (!dockerAnswers(process.env)) return false;
  const inspected = promisify(execFile)("docker", ["image", "inspect", IMAGE]);
  return inspected.then(
    () => true,
    () => false,
  );
}

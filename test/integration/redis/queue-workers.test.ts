import { createQueue, QUEUE_NAMES } from "@gateway/conversation";
import { createRedis } from "@gateway/service-kit";
import { afterEach, describe, expect, it } from "@jest/globals";
import type { Worker } from "bullmq";
import type { Redis } from "ioredis";
import { pino } from "pino";
import { createHeldJobs } from "../../../services/worker/src/liveness/held-jobs.ts";
import { createBullmqWorker } from "../../../services/worker/src/queues/bullmq-worker.ts";
import type { Topology } from "../../support/redis-topologies.ts";
import { startCluster, startSentinels } from "../../support/redis-topologies.ts";
import { waitUntil } from "../../support/wait-until.ts";

// Retires the risk that a worker lives on after a failover and never takes a job again, as one of two would not show.

const PREFIX = "{failover}";
/** One that stops is by chance; of so many one would, each time. */
const WORKERS = 12;

describe.each([
  ["sentinels", () => startSentinels({ username: "gateway", password: "secret" })],
  ["a cluster of six", startCluster],
])("with %s", (_, start) => {
  let topology: Topology | undefined;
  let workers: Worker[] = [];
  let connections: Redis[] = [];
  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.close(true)));
    for (const connection of connections) connection.disconnect();
    await topology?.stop();
    workers = [];
    connections = [];
  });

  it("every queue worker takes jobs again after a failover", async () => {
    topology = await start();
    const { url } = topology;
    const connect = () => {
      const connection = createRedis(url, "worker");
      connections.push(connection);
      return connection;
    };
    const seen = new Set<string>();
    const connection = connect();
    workers = Array.from({ length: WORKERS }, (_, index) =>
      createBullmqWorker(QUEUE_NAMES.inbound, async (job) => seen.add(`${index} ${job.name}`), {
        ...{ connection, prefix: `${PREFIX}:${index}`, concurrency: 1 },
        held: createHeldJobs(),
        logger: pino({ level: "silent" }),
      }),
    );
    for (const worker of workers) void worker.run();
    const producer = connect();
    /** Repeats what the failover broke off: the same id is one job. */
    const give = (name: string, index: number) =>
      waitUntil(
        `queue ${index} has the job`,
        async () => {
          const prefix = `${PREFIX}:${index}`;
          const queue = createQueue(QUEUE_NAMES.inbound, { connection: producer, prefix });
          queue.on("error", () => undefined);
          return queue.add(name, {}, { jobId: name }).finally(() => queue.close());
        },
        { timeoutMs: 60_000 },
      );
    const giveAll = async (name: string) => {
      for (let index = 0; index < WORKERS; index += 1) await give(name, index);
    };
    const allTook = (name: string) =>
      [...Array(WORKERS).keys()].every((index) => seen.has(`${index} ${name}`));
    await giveAll("before");
    await waitUntil("all work", () => allTook("before"));
    await topology.killPrimary(PREFIX);
    await giveAll("after");
    await waitUntil("all work again", () => allTook("after"), {
      timeoutMs: 60_000,
      describe: () => [...seen].join(", "),
    });
    expect(workers.every((worker) => worker.isRunning())).toBe(true);
  }, 180_000);
});

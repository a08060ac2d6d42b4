import { createRedis } from "@gateway/service-kit";
import { afterEach, expect, it } from "@jest/globals";
import { Redis } from "ioredis";
import type { FaultProxy } from "../../faults/fault-proxy.ts";
import { startFaultProxy } from "../../faults/fault-proxy.ts";
import type { Topology } from "../../support/redis-topologies.ts";
import { startSentinels } from "../../support/redis-topologies.ts";
import { waitUntil } from "../../support/wait-until.ts";

let topology: Topology | undefined;
let proxy: FaultProxy | undefined;
const connections: Redis[] = [];
afterEach(async () => {
  for (const connection of connections) connection.disconnect();
  await proxy?.close();
  await topology?.stop();
});

function open(redis: Redis): Redis {
  connections.push(redis);
  return redis;
}

it("a failover that is told of while the client asks for the primary does not end its connection", async () => {
  topology = await startSentinels({ username: "gateway", password: "secret" });
  const { hosts, name } = partsOf(topology.url);
  const [first = ""] = hosts;
  proxy = await startFaultProxy(Number(first.split(":")[1]));
  const url = `redis-sentinel://gateway:secret@${proxy.address}/${name}`;
  const redis = open(createRedis(url, "worker"));
  await redis.ping();

  let told = 0;
  for (const host of hosts) {
    const sentinel = open(new Redis({ port: Number(host.split(":")[1]) }));
    sentinel.on("message", () => {
      told += 1;
    });
    await sentinel.subscribe("+switch-master");
  }
  const question = proxy.holdRequest((bytes) => bytes.includes("get-master-addr-by-name"));
  await topology.killPrimary("");
  await question.held;
  await waitUntil("every sentinel has told of the failover", () => told === hosts.length, {
    timeoutMs: 60_000,
  });
  question.release();
  expect(await redis.set("after", "1")).toBe("OK");
  expect(redis.status).toBe("ready");
}, 120_000);

function partsOf(url: string): { hosts: string[]; name: string } {
  const [, hosts = "", name = ""] = /@([^/]+)\/(.+)$/.exec(url) ?? [];
  return { hosts: hosts.split(","), name };
}

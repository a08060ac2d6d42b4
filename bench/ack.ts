/**
 * What a durable acknowledgement costs: signed, encrypted callbacks against one ingress process, beside plain
 * express that stores each body with one Redis write, and bare node:http that stores nothing. All of them take
 * turns in one run, so the ratios mean something also on a busy machine; absolute figures would not.
 */
import { cpus } from "node:os";
import { startPrivateRedis } from "../test/support/private-redis.ts";
import type { BenchRequest } from "./support/callbacks.ts";
import { createBenchApp, createCallbacks } from "./support/callbacks.ts";
import { runLoad } from "./support/run-load.ts";
import { median, percentile } from "./support/statistics.ts";
import type { Target } from "./support/targets.ts";
import { startBaseline, startIngress } from "./support/targets.ts";

const ROUNDS = 5;
const CALLBACKS_PER_ROUND = 3_000;
const WARM_UP_CALLBACKS = 6_000;
const CONNECTIONS = [1, 32, 256];
const REFERENCE = "express-redis";

interface Sample {
  readonly perSecond: number;
  readonly cpuMsPerAck: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const print = (line: string) => void process.stdout.write(`${line}\n`);

const redis = await startPrivateRedis();
const manyApps = Array.from({ length: 50 }, createBenchApp);
const [oneApp] = manyApps;
if (oneApp === undefined) throw new Error("there is no app");
const single = await startIngress([oneApp], redis.url);
const multiple = await startIngress(manyApps, redis.url);
const targets: { label: string; target: Target; requests: (count: number) => BenchRequest[] }[] = [
  { label: "node-http", target: await startBaseline("node-http", redis.url), requests: ofOneApp },
  { label: REFERENCE, target: await startBaseline("express-redis", redis.url), requests: ofOneApp },
  { label: "ingress, 1 app", target: single, requests: ofOneApp },
  { label: "ingress, 50 apps", target: multiple, requests: ofManyApps },
];

print(`${cpus().length} × ${cpus()[0]?.model ?? "unknown CPU"}, Node ${process.version}`);
print(`medians of ${ROUNDS} rounds of ${CALLBACKS_PER_ROUND} callbacks; ${REFERENCE} = 1.00\n`);
try {
  for (const { target, requests } of targets)
    await runLoad(target.port, requests(WARM_UP_CALLBACKS), { connections: 32 });
  for (const connections of CONNECTIONS) report(connections, await measure(connections));
} finally {
  await Promise.all(targets.map(({ target }) => target.stop()));
  await redis.stop();
}

function ofOneApp(count: number): BenchRequest[] {
  return oneApp === undefined ? [] : createCallbacks(oneApp, count);
}

/** In the order of the apps, so that no two in a row are of the same one. */
function ofManyApps(count: number): BenchRequest[] {
  const perApp = manyApps.map((app) => createCallbacks(app, Math.ceil(count / manyApps.length)));
  return Array.from(
    { length: count },
    (_, index) => perApp[index % perApp.length]?.[Math.floor(index / perApp.length)],
  ).filter((request) => request !== undefined);
}

async function measure(connections: number): Promise<Map<string, Sample[]>> {
  const samples = new Map<string, Sample[]>(targets.map(({ label }) => [label, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { label, target, requests } of targets) {
      await redis.client().flushall();
      const prepared = requests(CALLBACKS_PER_ROUND);
      const cpuBefore = target.cpuMs();
      const { seconds, latenciesMs } = await runLoad(target.port, prepared, { connections });
      samples.get(label)?.push({
        perSecond: prepared.length / seconds,
        cpuMsPerAck: (target.cpuMs() - cpuBefore) / prepared.length,
        p50Ms: percentile(latenciesMs, 0.5),
        p99Ms: percentile(latenciesMs, 0.99),
      });
    }
  }
  return samples;
}

function report(connections: number, samples: ReadonlyMap<string, readonly Sample[]>): void {
  print(`${connections} connection(s)        CPU per ack   throughput        p50        p99`);
  const reference = samples.get(REFERENCE) ?? [];
  for (const [label, own] of samples) {
    const ratio = (pick: (sample: Sample) => number) =>
      (median(own.map(pick)) / median(reference.map(pick))).toFixed(2).padStart(11);
    const figures = [
      ratio((s) => s.cpuMsPerAck),
      ratio((s) => s.perSecond),
      ratio((s) => s.p50Ms),
      ratio((s) => s.p99Ms),
    ];
    print(`  ${label.padEnd(20)} ${figures.join("")}`);
  }
  print("");
}

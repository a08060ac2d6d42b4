/**
 * What a durable acknowledgement costs: signed, encrypted callbacks against one ingress process as it runs in
 * production, beside three baselines. All take turns in one run, so the ratios mean something also on a busy machine.
 */
import { startStack } from "../test/support/stack.ts";
import { startBaseline } from "./support/baseline.ts";
import type { BenchRequest } from "./support/callbacks.ts";
import { createCallbacks } from "./support/callbacks.ts";
import { print, printHead, printTable } from "./support/print.ts";
import { cpuMs } from "./support/process-usage.ts";
import { runLoad } from "./support/run-load.ts";
import { sized } from "./support/scale.ts";
import { median, percentile } from "./support/statistics.ts";

const ROUNDS = sized(7, 3, 1);
const PER_ROUND = sized(3000, 1500, 60);
const WARM_UP = sized(6000, 3000, 60);
const CONNECTIONS = sized([1, 32, 256], [32], [4]);
const REFERENCE = "express + one Redis write";

interface Subject {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  readonly prepare: (count: number) => BenchRequest[];
  readonly expectStatus?: number;
}

interface Sample {
  readonly perSecond: number;
  readonly cpuUs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const manyApps = Array.from({ length: 50 }, (_, index) => `app${index}`);
const [one, fifty] = await Promise.all([
  startStack({ workers: 0 }),
  startStack({ workers: 0, apps: manyApps }),
]);
const redis = [one.redis.client(), fifty.redis.client()];
const ofOne = (count: number) => createCallbacks(one.apps, count);
const baselines = await Promise.all(
  (["node-http", "express-body", "express-redis"] as const).map((name) => startBaseline(name, one.redis.url)),
);
const [bare, body, stored] = baselines.map(({ port, pid }) => ({ port, pid, prepare: ofOne }));
const [ingress, ingressOfMany] = [one, fifty].map(({ ingress: [service] }) => {
  if (service === undefined) throw new Error("there is no ingress");
  return { port: service.port, pid: service.process.pid };
});
if (!bare || !body || !stored || !ingress || !ingressOfMany) throw new Error("something was not started");
const single: Subject = { name: "ingress, 1 app", ...ingress, prepare: ofOne };
const forged = (count: number) => createCallbacks(one.apps, count, { forged: true });
const subjects: readonly Subject[] = [
  { name: "bare node:http", ...bare },
  { name: "express that reads the body", ...body },
  { name: REFERENCE, ...stored },
  single,
  { name: "ingress, 50 apps", ...ingressOfMany, prepare: (count) => createCallbacks(fifty.apps, count) },
  { name: "ingress, forged signatures", ...ingress, prepare: forged, expectStatus: 403 },
];

printHead(`Acknowledgements: medians of ${ROUNDS} rounds of ${PER_ROUND} callbacks; ${REFERENCE} = 1.00`);
try {
  for (const subject of subjects) await load(subject, 32, WARM_UP);
  for (const connections of CONNECTIONS) await compare(connections);
  await atHalfTheRate();
} finally {
  await Promise.all([one.stop(), fifty.stop(), ...baselines.map(({ stop }) => stop())]);
}

async function load(
  subject: Subject,
  connections: number,
  count: number,
  perSecond?: number,
): Promise<Sample> {
  const { pid, port, prepare, expectStatus = 200 } = subject;
  await Promise.all(redis.map((client) => client.flushall()));
  const requests = prepare(count);
  const before = cpuMs(pid);
  const options = { connections, expectStatus, ...(perSecond === undefined ? {} : { perSecond }) };
  const { seconds, latenciesMs } = await runLoad(port, requests, options);
  return {
    perSecond: count / seconds,
    cpuUs: ((cpuMs(pid) - before) * 1000) / count,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
  };
}

async function compare(connections: number): Promise<void> {
  const samples = new Map<string, Sample[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const subject of subjects) {
      samples.get(subject.name)?.push(await load(subject, connections, PER_ROUND));
    }
  }
  const middle = (name: string, pick: (sample: Sample) => number) =>
    median((samples.get(name) ?? []).map(pick));
  const rows = subjects.map(({ name }) => {
    // Round by round: what slows the machine for a while slows both.
    const ratios = (samples.get(name) ?? []).map(
      ({ cpuUs }, round) => cpuUs / (samples.get(REFERENCE)?.[round]?.cpuUs ?? Number.NaN),
    );
    return [
      name,
      median(ratios).toFixed(2),
      middle(name, (s) => s.cpuUs).toFixed(0),
      middle(name, (s) => s.perSecond).toFixed(0),
      middle(name, (s) => s.p50Ms).toFixed(1),
      middle(name, (s) => s.p99Ms).toFixed(1),
    ];
  });
  printTable([`${connections} connection(s)`, "CPU", "µs each", "per second", "p50 ms", "p99 ms"], rows);
}

/** Not as fast as answers come, but as callbacks come: at their own rate, whatever became of the last one. */
async function atHalfTheRate(): Promise<void> {
  const fastest = await load(single, 256, PER_ROUND);
  const samples: Sample[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    samples.push(await load(single, 256, PER_ROUND, fastest.perSecond / 2));
  }
  const p99Ms = median(samples.map((sample) => sample.p99Ms));
  print(
    `  at half the highest rate (${(fastest.perSecond / 2).toFixed(0)} a second): p99 ${p99Ms.toFixed(1)} ms\n`,
  );
}

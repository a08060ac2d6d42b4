/**
 * What a durable acknowledgement costs: signed, encrypted callbacks against one ingress process as it runs in
 * production, beside three baselines. All take turns in one run, so the ratios mean something also on a busy machine.
 */
import { startStack } from "../test/support/stack.ts";
import { startBaseline } from "./support/baseline.ts";
import type { BenchRequest } from "./support/callbacks.ts";
import { createCallbacks } from "./support/callbacks.ts";
import type { Target } from "./support/print.ts";
import { printHead, printTable, printTargets } from "./support/print.ts";
import { cpuMs } from "./support/process-usage.ts";
import { runLoad } from "./support/run-load.ts";
import { sized } from "./support/scale.ts";
import { median, percentile } from "./support/statistics.ts";

const ROUNDS = sized(5, 3, 1);
const PER_ROUND = sized(3000, 1000, 60);
const WARM_UP = sized(6000, 2000, 60);
const CONNECTIONS = sized([1, 32, 256], [1, 32, 256], [4]);
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
const ofFifty = (count: number) => createCallbacks(fifty.apps, count);
const many: Subject = { name: "ingress, 50 apps", ...ingressOfMany, prepare: ofFifty };
const forgers = (count: number) => createCallbacks(one.apps, count, { forged: true });
const forged: Subject = {
  name: "ingress, forged signatures",
  ...ingress,
  prepare: forgers,
  expectStatus: 403,
};
const subjects: readonly Subject[] = [
  { name: "bare node:http", ...bare },
  { name: "express that reads the body", ...body },
  { name: REFERENCE, ...stored },
  single,
  many,
  forged,
];

printHead(
  `One ingress process, real Redis with an append-only file: medians of ${ROUNDS} rounds of ${PER_ROUND} callbacks from 500 people. ` +
    `CPU of ${REFERENCE} = 1.00.`,
);
try {
  for (const subject of subjects) await load(subject, 32, WARM_UP);
  const targets: Target[] = [];
  for (const connections of CONNECTIONS) targets.push(...(await compare(connections)));
  printTargets([...targets, await atHalfTheRate()]);
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

/** The subjects take turns; what is compared is compared round by round, so what slows the machine slows both. */
async function compare(connections: number): Promise<Target[]> {
  const samples = new Map<string, Sample[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const subject of subjects) {
      samples.get(subject.name)?.push(await load(subject, connections, PER_ROUND));
    }
  }
  const of = (name: string) => samples.get(name) ?? [];
  const middle = (name: string, pick: (sample: Sample) => number) => median(of(name).map(pick));
  const ratio = (name: string, reference: string) =>
    median(of(name).map(({ cpuUs }, round) => cpuUs / (of(reference)[round]?.cpuUs ?? Number.NaN)));
  const rows = subjects.map(({ name }) => [
    name,
    ratio(name, REFERENCE).toFixed(2),
    middle(name, (s) => s.cpuUs).toFixed(0),
    middle(name, (s) => s.perSecond).toFixed(0),
    middle(name, (s) => s.p50Ms).toFixed(1),
    middle(name, (s) => s.p99Ms).toFixed(1),
  ]);
  printTable([`connections: ${connections}`, "CPU", "CPU µs each", "per second", "p50 ms", "p99 ms"], rows);
  const target = (what: string, measured: number, most: number): Target => {
    return { what: `${what}, connections: ${connections}`, measured, most, digits: 2 };
  };
  return [
    target(`CPU of one acknowledgement / ${REFERENCE}`, ratio(single.name, REFERENCE), 1),
    target("CPU with 50 apps / with one", ratio(many.name, single.name), 1.05),
    target("CPU of a forged signature / of a good one", ratio(forged.name, single.name), 0.5),
  ];
}

/** Not as fast as answers come, but as callbacks come: at their own rate, whatever became of the last one. */
async function atHalfTheRate(): Promise<Target> {
  const fastest: number[] = [];
  const p99Ms: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { perSecond } = await load(single, 256, PER_ROUND);
    fastest.push(perSecond);
    p99Ms.push((await load(single, 256, PER_ROUND, perSecond / 2)).p99Ms);
  }
  const what = `p99 at half the highest rate (${(median(fastest) / 2).toFixed(0)} a second), ms`;
  return { what, measured: median(p99Ms), most: 50, digits: 1 };
}

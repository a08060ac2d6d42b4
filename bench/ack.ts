/**
 * What a durable acknowledgement costs: signed, encrypted callbacks against one ingress process as it runs in
 * production, beside three baselines. All take turns in one run, so the ratios mean something also on a busy machine.
 */
import { startAckSubjects } from "./support/ack-subjects.ts";
import type { Target } from "./support/print.ts";
import { print, printHead, printTable, printTargets } from "./support/print.ts";
import { cpuMs } from "./support/process-usage.ts";
import { runLoad } from "./support/run-load.ts";
import { sized } from "./support/scale.ts";
import { median, percentile } from "./support/statistics.ts";

/** Processes made of the same code differ: what is compiled when, where memory lies. */
const SETS = sized(5, 1, 1);
/** Short ones and many: the machine changes from second to second, and what is compared follows closely. */
const ROUNDS = sized(14, 8, 1);
const PER_ROUND = sized(500, 400, 60);
const WARM_UP = sized(3000, 2000, 60);
const RATED_ROUNDS = sized(4, 2, 1);
const PER_RATED_ROUND = sized(2000, 1000, 60);
const CONNECTIONS = sized([1, 32, 256], [1, 32, 256], [4]);

type Subjects = Awaited<ReturnType<typeof startAckSubjects>>;
type Subject = Subjects["all"][number];
type Name = Subject["name"];

interface Sample {
  readonly perSecond: number;
  readonly cpuUs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

printHead(
  `One ingress process, real Redis with an append-only file: medians of ${SETS * ROUNDS} rounds of ${PER_ROUND} callbacks ` +
    `from 500 people, in ${SETS} set(s) of fresh processes. CPU of express + one Redis write = 1.00.`,
);
const samples = new Map(CONNECTIONS.map((connections) => [connections, new Map<Name, Sample[]>()]));
const fastest: number[] = [];
const p99Ms: number[] = [];
let separateSets = 0;
for (let set = 0; set < SETS; set += 1) {
  const subjects = await startAckSubjects();
  try {
    for (const connections of CONNECTIONS) await compare(subjects, connections, set);
    await atHalfTheRate(subjects);
    separateSets += subjects.areSeparate ? 1 : 0;
  } finally {
    await subjects.stop();
  }
}
const targets = CONNECTIONS.flatMap(report);
const what = `p99 at half the highest rate (${(median(fastest) / 2).toFixed(0)} a second), ms`;
if (separateSets === SETS)
  print("Each process was measured with a processor for itself; Redis and the load had the others.\n");
printTargets([...targets, { what, measured: median(p99Ms), most: 50, digits: 1, rounds: p99Ms }]);

async function load(
  { flush }: Subjects,
  { pid, port, prepare, expectStatus }: Subject,
  { connections, count, perSecond }: { connections: number; count: number; perSecond?: number },
): Promise<Sample> {
  await flush();
  const requests = prepare(count);
  let before = Number.NaN;
  const { seconds, latenciesMs } = await runLoad(port, requests, {
    ...{ connections, expectStatus, onConnected: () => (before = cpuMs(pid)) },
    ...(perSecond === undefined ? {} : { perSecond }),
  });
  return {
    perSecond: count / seconds,
    cpuUs: ((cpuMs(pid) - before) * 1000) / count,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
  };
}

/**
 * The subjects take turns, each round in another order; what is compared is compared round by round, so what slows the
 * machine slows both.
 */
async function compare(subjects: Subjects, connections: number, set: number): Promise<void> {
  const { all } = subjects;
  for (const subject of all) await load(subjects, subject, { connections, count: WARM_UP });
  for (let round = 0; round < ROUNDS; round += 1) {
    const first = (set * ROUNDS + round) % all.length;
    for (const subject of [...all.slice(first), ...all.slice(0, first)]) {
      const of = samples.get(connections);
      const known = of?.get(subject.name) ?? [];
      of?.set(subject.name, [...known, await load(subjects, subject, { connections, count: PER_ROUND })]);
    }
  }
}

function report(connections: number): Target[] {
  const bySubject = samples.get(connections) ?? new Map<Name, Sample[]>();
  const of = (name: Name) => bySubject.get(name) ?? [];
  const ratios = (name: Name, reference: Name) =>
    of(name).map(({ cpuUs }, round) => cpuUs / (of(reference)[round]?.cpuUs ?? Number.NaN));
  const rows = [...bySubject].map(([name, measured]) => {
    const middle = (pick: (sample: Sample) => number, digits: number) =>
      median(measured.map(pick)).toFixed(digits);
    return [
      name,
      median(ratios(name, "express + one Redis write")).toFixed(2),
      middle((s) => s.cpuUs, 0),
      middle((s) => s.perSecond, 0),
      middle((s) => s.p50Ms, 1),
      middle((s) => s.p99Ms, 1),
    ];
  });
  printTable([`connections: ${connections}`, "CPU", "CPU µs each", "per second", "p50 ms", "p99 ms"], rows);
  const target = (name: string, rounds: number[], most: number): Target => {
    return {
      what: `${name}, connections: ${connections}`,
      measured: median(rounds),
      most,
      digits: 2,
      rounds,
    };
  };
  return [
    target(
      "CPU of one acknowledgement / express + one Redis write",
      ratios("ingress, 1 app", "express + one Redis write"),
      1,
    ),
    target("CPU with 50 apps / with one", ratios("ingress, 50 apps", "ingress, 1 app"), 1.05),
    target(
      "CPU of a forged signature / of a good one",
      ratios("ingress, forged signatures", "ingress, 1 app"),
      0.5,
    ),
  ];
}

/** Not as fast as answers come, but as callbacks come: at their own rate, whatever became of the last one. */
async function atHalfTheRate(subjects: Subjects): Promise<void> {
  const load256 = { connections: 256, count: PER_RATED_ROUND };
  for (let round = 0; round < RATED_ROUNDS; round += 1) {
    const { perSecond } = await load(subjects, subjects.ingress, load256);
    fastest.push(perSecond);
    p99Ms.push((await load(subjects, subjects.ingress, { ...load256, perSecond: perSecond / 2 })).p99Ms);
  }
}

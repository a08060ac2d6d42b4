import { setTimeout as sleep } from "node:timers/promises";
import type { ServiceHandle } from "../support/service.ts";
import { waitUntil } from "../support/wait-until.ts";
import { createLoad } from "./chaos-load.ts";
import { checkAcknowledgements } from "./check-acknowledgements.ts";
import { checkHistory } from "./check-history.ts";
import { readRecoveries } from "./check-recoveries.ts";
import { countWorkersLost } from "./check-set-aside.ts";
import { conclude } from "./conclude.ts";
import type { FaultStack } from "./fault-stack.ts";
import { startFaultStack } from "./fault-stack.ts";
import type { HistoryEvent } from "./history.ts";
import type { Random } from "./random.ts";
import { createRandom } from "./random.ts";
import type { ScenarioViolation } from "./scenario.ts";

const MAX_ATTEMPTS = 3;
/** BullMQ looks at its locks every 15 s at most; the rest is for a busy machine. */
const TOLD_WITHIN_MS = 30_000;
/**
 * Less than the 90 s after which a lock would have expired without any heartbeat. The promise of 20 s has a test of
 * its own (worker-loss): here workers of an overloaded machine are deaf for seconds, and who is deaf may judge nobody.
 */
const RESUME_WITHIN_MS = 60_000;

/** Lines written in a row become one turn within this time; by the seed, from none ever to the default. */
const QUIET_MS = [0, 400, 800, 1200];

export interface ChaosOptions {
  readonly seed: number;
  readonly conversations: number;
  readonly messagesEach: number;
  /** How often each kind of fault happens. */
  readonly rounds: number;
  readonly quietTimeoutMs: number;
  readonly log: (line: string) => void;
  readonly tell: (fact: string) => void;
}

const FAULT_KINDS = ["kill-ingress", "kill-worker", "stop-worker", "stop-redis", "kill-redis"] as const;
type FaultKind = (typeof FAULT_KINDS)[number];

interface PlannedFault {
  readonly kind: FaultKind;
  /** After this share of the messages. */
  readonly at: number;
  readonly target: number;
  readonly downMs: number;
}

/** Runs the whole gateway under faults, waits until it rests, and checks what happened. */
export async function runChaos(options: ChaosOptions): Promise<readonly ScenarioViolation[]> {
  const random = createRandom(options.seed);
  const plan = planFaults(options, random.fork("faults"));
  for (const { kind, at, target, downMs } of plan)
    options.log(`seed ${options.seed}: ${kind} ${target} at ${(at * 100).toFixed(0)} %, for ${downMs} ms`);
  const gateway = await startFaultStack({
    ingress: 2,
    workers: 3,
    // It takes whatever processor there is; other tests run beside it and have people's patience.
    nice: 10,
    env: {
      WORKER_CONCURRENCY: "30",
      WORKER_MAX_ATTEMPTS: String(MAX_ATTEMPTS),
      WORKER_DRAIN_SECONDS: "0",
      WORKER_DEAD_AFTER_SECONDS: "4",
      TURN_QUIET_MS: String(QUIET_MS[options.seed % QUIET_MS.length]),
    },
  });
  try {
    const load = createLoad(gateway, options, random.fork("load"));
    const saboteur = createSaboteur(gateway);
    const carriedOut = (async () => {
      for (const [index, planned] of plan.entries()) {
        load.allow(planned.at + BURST);
        await waitUntil("the next fault is due", () => load.progress() >= planned.at, {
          timeoutMs: 600_000,
          describe: () => `${planned.kind} (${index + 1} of ${plan.length}); progress ${load.progress()}`,
        });
        options.log(`${planned.kind} ${planned.target} at ${(load.progress() * 100).toFixed(0)} %`);
        await saboteur.carryOut(planned);
      }
      load.allow(1);
      await saboteur.recovered();
    })();
    await Promise.all([load.pushAll(), carriedOut]);
    options.log("all pushed once, and everything is up again");
    const lost = await load.pushWhatWasLost();
    await gateway.untilQuiet(options.quietTimeoutMs);
    options.log("everything has come to rest");
    const events = await gateway.history();
    const broken = checkHistory(events, {
      maxAttempts: MAX_ATTEMPTS,
      toldWithinMs: TOLD_WITHIN_MS,
      resumeWithinMs: RESUME_WITHIN_MS,
      // Who is killed in every attempt that there is looks like poison.
      maySetAside: (one) =>
        one.what === "message" && one.code === "poison" && countWorkersLost(events, one) >= MAX_ATTEMPTS,
    });
    const violations = [...broken, ...checkAcknowledgements(gateway)];
    options.log(
      `seed ${options.seed}: ${summarise(events)}, ${lost} lost by the pusher and pushed again later, ${violations.length} violations`,
    );
    return conclude(gateway, events, options, violations);
  } finally {
    await gateway.stop();
  }
}

/** Messages that may be under way around a fault, as a share of all. */
const BURST = 0.1;

function planFaults({ rounds }: ChaosOptions, random: Random): PlannedFault[] {
  const kinds = random.shuffle(Array.from({ length: rounds }, () => FAULT_KINDS).flat());
  return kinds.map((kind, index) => ({
    kind,
    at: (index + 0.2 + random.next() * 0.8) / (kinds.length + 1),
    target: random.between(0, 5),
    downMs: random.between(100, 2500),
  }));
}

/** Carries faults out; what they took is brought back in the background. */
function createSaboteur(gateway: FaultStack) {
  const { stack } = gateway;
  const recoveries = new Map<ServiceHandle, Promise<void>>();
  const restartRedis = async (signal: NodeJS.Signals, downMs: number) => {
    await stack.redis.kill(signal);
    await sleep(downMs);
    await stack.redis.restart();
    gateway.note("redis-back", signal);
  };
  const restart = async (service: ServiceHandle, signal: NodeJS.Signals, downMs: number) => {
    // It may still be on its way up from an earlier fault.
    await recoveries.get(service);
    await gateway.kill(service, signal);
    const back = sleep(downMs).then(() => startLikeSupervisor(service));
    // Failing is told where all are awaited; until then it must not end the process.
    back.catch(() => undefined);
    recoveries.set(service, back);
  };
  return {
    async carryOut({ kind, target, downMs }: PlannedFault): Promise<void> {
      gateway.note(kind, `${target}, ${downMs} ms`);
      if (kind === "stop-redis") return await restartRedis("SIGTERM", downMs);
      if (kind === "kill-redis") return await restartRedis("SIGKILL", downMs);
      const services = kind === "kill-ingress" ? stack.ingress : stack.workers;
      const service = services[target % services.length];
      if (service === undefined) throw new Error(`there is nothing for ${kind}`);
      await restart(service, kind === "stop-worker" ? "SIGTERM" : "SIGKILL", downMs);
    },
    recovered: async () => void (await Promise.all(recoveries.values())),
  };
}

/** A service that finds no Redis when it starts ends again, and whatever runs it starts it once more. */
async function startLikeSupervisor(service: ServiceHandle, attempts = 5): Promise<void> {
  try {
    await service.start();
  } catch (error) {
    if (attempts === 1) throw error;
    await sleep(1000);
    await startLikeSupervisor(service, attempts - 1);
  }
}

function summarise(events: readonly HistoryEvent[]): string {
  const count = (is: (event: HistoryEvent) => boolean) => events.filter(is).length;
  const slowestMs = Math.max(0, ...readRecoveries(events).map(({ tookMs }) => tookMs));
  const codes = events.flatMap((event) => (event.type === "dead-letter" ? [event.code] : []));
  return [
    `${count(({ type }) => type === "push")} pushes`,
    `${count(({ type }) => type === "ack")} acknowledgements`,
    `${count(({ type }) => type === "run-start")} runs`,
    `${count((event) => event.type === "send" && event.fate === "shown")} messages shown`,
    `${count((event) => event.type === "send" && event.fate === "suppressed")} suppressed`,
    `${count(({ type }) => type === "dead-letter")} dead letters${codes.length === 0 ? "" : ` (${[...new Set(codes)].join(", ")})`}`,
    `${count((event) => event.type === "worker" && event.what === "declared-dead")} workers declared dead`,
    `${readRecoveries(events).length} runs resumed after a kill, the slowest after ${slowestMs} ms`,
  ].join(", ");
}

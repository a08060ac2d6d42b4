import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServiceHandle } from "../support/service.ts";
import { waitUntil } from "../support/wait-until.ts";
import type { Load } from "./chaos-load.ts";
import { createLoad } from "./chaos-load.ts";
import { checkAcknowledgements } from "./check-acknowledgements.ts";
import { checkHistory } from "./check-history.ts";
import { conclude } from "./conclude.ts";
import type { FaultStack } from "./fault-stack.ts";
import { startFaultStack } from "./fault-stack.ts";
import { createRandom } from "./random.ts";
import { RESUMED } from "./reply-lines.ts";
import type { ScenarioOptions, ScenarioViolation } from "./scenario.ts";

const PER_SECOND = 50;
/** More than are written: the load ends when everything has been replaced. */
const ENOUGH = { conversations: 200, messagesEach: 1000 };
/** Pushed before each replacement and after the last. */
const BETWEEN = 100;

/** A deploy, as often as `deploys` says: every process gets a successor, one by one, while people write. */
export async function runRollingReplacement(
  options: ScenarioOptions,
  deploys: number,
): Promise<readonly ScenarioViolation[]> {
  const { seed, log } = options;
  const gateway = await startFaultStack({
    ...{ ingress: 2, workers: 2, console: true },
    env: {
      // A run that is handed over must not count as one.
      WORKER_MAX_ATTEMPTS: "1",
      // The default: nobody dies here, and who is deaf for two seconds on a busy machine must not be taken for dead.
      WORKER_DEAD_AFTER_SECONDS: "10",
      ...{ WORKER_DRAIN_SECONDS: "1", TURN_QUIET_MS: "800" },
    },
  });
  const longRuns = Array.from({ length: deploys }, (_, deploy) => createLongRun(deploy));
  const load = createLoad(gateway, { ...ENOUGH, perSecond: PER_SECOND }, createRandom(seed));
  load.allow(1);
  const loaded = load.pushAll();
  try {
    await waitUntil("the load runs", () => load.pushed() >= BETWEEN);
    for (const run of longRuns) await replaceAll(gateway, load, run, log);
    load.stop();
    await loaded;
    const lost = await load.pushWhatWasLost();
    log(`all replaced; ${load.pushed()} messages, ${lost} of them given up by WeCom`);
    await gateway.untilQuiet(180_000);
    const events = await gateway.history();
    const violations = [
      ...checkHistory(events, { maxAttempts: 1, toldWithinMs: 0 }),
      // Whether in time is another matter: 50 a second while a process starts are all that two processors do.
      ...checkAcknowledgements(gateway, { mayBeLate: () => true }),
      ...Array.from({ length: lost }, () => ({
        rule: "given-up",
        detail: "three attempts of WeCom's failed",
      })),
      ...longRuns.flatMap((run) => checkLongRun(gateway, run)),
    ];
    return conclude(gateway, events, options, violations);
  } finally {
    load.stop();
    await gateway.stop();
  }
}

/** It ends when its worker has been replaced, however long that takes, so it changes hands. */
function createLongRun(deploy: number) {
  const id = String(deploy + 1);
  const file = join(process.env.TEST_RUN_DIR ?? tmpdir(), `replaced-${randomUUID()}`);
  const text = `${id} until=${file}`;
  return { id, conversation: `patient${id}`, text, letEnd: () => writeFileSync(file, "") };
}
type LongRun = ReturnType<typeof createLongRun>;

async function replaceAll(
  gateway: FaultStack,
  load: Load,
  patient: LongRun,
  log: ScenarioOptions["log"],
): Promise<void> {
  const { stack } = gateway;
  const consoles = stack.console === undefined ? [] : [stack.console];
  const replace = async (service: ServiceHandle) => {
    const beganMs = performance.now();
    await gateway.replace(service);
    const { code, signal } = await service.process.exited;
    if (code !== 0) throw new Error(`it ended with ${code ?? signal}:\n${service.logs().slice(-5000)}`);
    log(`replaced within ${((performance.now() - beganMs) / 1000).toFixed(1)} s`);
    const enough = load.pushed() + BETWEEN;
    await waitUntil("the load goes on", () => load.pushed() >= enough, {
      timeoutMs: 60_000,
      describe: () => stack.logs().slice(-5000),
    });
  };
  const workers = [...stack.workers];
  for (const service of [...stack.ingress, ...consoles]) await replace(service);
  await gateway.push(patient);
  const holder = await gateway.runner(patient.id);
  await replace(holder);
  patient.letEnd();
  for (const service of workers) if (service !== holder) await replace(service);
}

/** Who had a run that was handed over is told so and is answered by another worker. */
function checkLongRun({ journal, shown }: FaultStack, { id, conversation }: LongRun): ScenarioViolation[] {
  const workers = new Set(journal.starts(id).map(({ worker }) => worker));
  const told = shown(conversation).filter((text) => RESUMED.test(text)).length;
  if (workers.size > 1 && told > 0) return [];
  const detail = `ran on ${workers.size} workers, told ${told} times that it begins again`;
  return [{ rule: "long-run", conversation, detail }];
}

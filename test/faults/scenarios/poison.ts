import { setTimeout as sleep } from "node:timers/promises";
import type { CheckOptions } from "../check-history.ts";
import { checkHistory } from "../check-history.ts";
import { readSetAside } from "../check-set-aside.ts";
import { conclude } from "../conclude.ts";
import type { FaultStack } from "../fault-stack.ts";
import { startFaultStack } from "../fault-stack.ts";
import { createRandom } from "../random.ts";
import type { Scenario, ScenarioOptions, ScenarioViolation } from "../scenario.ts";

const MAX_ATTEMPTS = 3;
const POISON = { conversation: "poisoner", id: "6660001" };
const CHECK: CheckOptions = {
  ...{ maxAttempts: MAX_ATTEMPTS, toldWithinMs: 60_000 },
  maySetAside: ({ what, message, code }) => what === "message" && message === POISON.id && code === "poison",
};
const QUIET_TIMEOUT_MS = 300_000;

export const scenario: Scenario = {
  what: "one message among a thousand kills whichever worker runs it, as often as it is run",
  async run(options) {
    const gateway = await startFaultStack({
      workers: 2,
      env: { WORKER_CONCURRENCY: "30", WORKER_MAX_ATTEMPTS: String(MAX_ATTEMPTS) },
    });
    try {
      return await poison(gateway, options);
    } finally {
      await gateway.stop();
    }
  },
};

async function poison(gateway: FaultStack, options: ScenarioOptions): Promise<readonly ScenarioViolation[]> {
  const { seed, size, log } = options;
  const random = createRandom(seed);
  const others = size === "small" ? 80 : 999;
  const restarts = restartLikeSupervisor(gateway);
  try {
    for (let person = 0; person < others; person += 1) {
      if (person === Math.floor(others / 4))
        await pushed(gateway, { ...POISON, text: `${POISON.id} wait=0.5 kill-worker` });
      const id = String(1_000_000 + person);
      const wait = random.between(0, 30) / 10;
      await pushed(gateway, { conversation: `user${person}`, id, text: `${id} wait=${wait}` });
    }
    await gateway.untilQuiet(QUIET_TIMEOUT_MS);
  } finally {
    log(`${await restarts.end()} workers killed and started again`);
  }
  const events = await gateway.history();
  const violations = [...checkHistory(events, CHECK), ...checkPoison(gateway, events)];
  return conclude(gateway, events, options, violations);
}

async function pushed(gateway: FaultStack, message: Parameters<FaultStack["push"]>[0]): Promise<void> {
  if (!(await gateway.push(message))) throw new Error(`${message.id} was not acknowledged`);
}

/** The poison is set aside after its attempts. That nobody else is, checkHistory looks at. */
function checkPoison(
  { journal }: FaultStack,
  events: Awaited<ReturnType<FaultStack["history"]>>,
): ScenarioViolation[] {
  const isSetAside = readSetAside(events).some(({ message }) => message === POISON.id);
  const deadly = journal.starts(POISON.id).map(({ worker }) => worker);
  return [
    ...(isSetAside ? [] : [{ rule: "poison-not-set-aside", detail: `runs: ${deadly}` }]),
    ...(deadly.length === MAX_ATTEMPTS ? [] : [{ rule: "poison-runs", detail: `${deadly.length}` }]),
  ];
}

const LOOK_EVERY_MS = 200;

/** Starts workers again that have ended, until it is told to end. Gives how many there were. */
function restartLikeSupervisor(gateway: FaultStack): { end(): Promise<number> } {
  let isOver = false;
  let count = 0;
  const watch = gateway.stack.workers.map(async (worker) => {
    while (!isOver) {
      await sleep(LOOK_EVERY_MS);
      if (worker.process.isRunning()) continue;
      count += 1;
      gateway.noteKilled(worker);
      await worker.start();
    }
  });
  const watched = Promise.all(watch);
  // Told at the end; until then it must not end the process.
  watched.catch(() => undefined);
  return {
    async end() {
      isOver = true;
      await watched;
      return count;
    },
  };
}

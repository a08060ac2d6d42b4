import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitUntil } from "../../support/wait-until.ts";
import { checkHistory } from "../check-history.ts";
import { conclude } from "../conclude.ts";
import type { FaultStack } from "../fault-stack.ts";
import { startFaultStack } from "../fault-stack.ts";
import type { LoadOptions, PassingFault } from "../load-under.ts";
import { loadUnder } from "../load-under.ts";
import { preload } from "../preload.ts";
import { pushUntilTaken } from "../push-until-taken.ts";
import type { Random } from "../random.ts";
import { createRandom } from "../random.ts";
import type { Scenario, ScenarioOptions, ScenarioViolation } from "../scenario.ts";

const MAX_ATTEMPTS = 3;
/** A worker that is back stops what it has lost: BullMQ looks at its locks every 15 s at most. */
const CHECK = { maxAttempts: MAX_ATTEMPTS, toldWithinMs: 30_000 };
const REST_WITHIN_MS = 120_000;
const WECOM_WAITS_MS = 5000;

export const scenario: Scenario = {
  what: "the event loop of one ingress, and then of one worker of two, is blocked while its process lives, its sockets are open and its agents run on",
  async run(options) {
    const dir = mkdtempSync(join(tmpdir(), "faults-blocked-"));
    const fileOf = (service: string, place: number) => join(dir, `${service}-${place}`);
    const gateway = await startFaultStack({
      ...{ ingress: 2, workers: 2 },
      env: { WORKER_MAX_ATTEMPTS: String(MAX_ATTEMPTS) },
      envOf: (service, place) => preload("block-loop", { FAULT_BLOCK_FILE: fileOf(service, place) }),
    });
    try {
      return await blockAll(gateway, fileOf, options);
    } finally {
      rmSync(dir, { recursive: true });
      await gateway.stop();
    }
  },
};

type FileOf = (service: "ingress" | "worker", place: number) => string;

async function blockAll(
  gateway: FaultStack,
  fileOf: FileOf,
  options: ScenarioOptions,
): Promise<readonly ScenarioViolation[]> {
  const { seed, size, log } = options;
  const random = createRandom(seed);
  const isSmall = size === "small";
  const load: Load = {
    ...{ people: isSmall ? 4 : 12, messagesEach: isSmall ? 3 : 6, restWithinMs: REST_WITHIN_MS, log, random },
    replica: () => random.between(0, 1),
  };
  const violations: ScenarioViolation[] = [];
  for (const ms of isSmall ? [6000] : [3000, 6000, 20_000])
    violations.push(...(await blockIngress(gateway, fileOf, ms, load)));
  for (const lastsMs of isSmall ? [6000] : [6000, 40_000]) {
    const fault = blockedWorker(gateway, fileOf, { lastsMs, longerMs: isSmall ? 2000 : 35_000 });
    violations.push(...(await loadUnder(gateway, fault, load)));
  }
  const events = await gateway.history();
  return conclude(gateway, events, options, [...violations, ...checkHistory(events, CHECK)]);
}

type Load = LoadOptions & { readonly random: Random };

/** Who meets it is answered as soon as it goes on, or given up by WeCom and taken by the other one; there is no third way. */
async function blockIngress(
  gateway: FaultStack,
  fileOf: FileOf,
  lastsMs: number,
  load: Load,
): Promise<ScenarioViolation[]> {
  const place = load.random.between(0, 1);
  const [file, url] = [fileOf("ingress", place), gateway.stack.callbackUrls[place]];
  const blocked = { fromMs: Number.POSITIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
  const fault: PassingFault = {
    ...{ name: `ingress-${lastsMs}`, lastsMs },
    async begin() {
      blocked.fromMs = Date.now();
      block(file, gateway.stack.ingress[place]);
    },
    async end() {
      rmSync(file);
      blocked.toMs = Date.now();
    },
  };
  return await loadUnder(gateway, fault, {
    ...load,
    mayBeLate: ({ atMs, ...attempt }) =>
      attempt.url === url &&
      atMs + WECOM_WAITS_MS > blocked.fromMs &&
      atMs < blocked.toMs &&
      lastsMs >= WECOM_WAITS_MS,
  });
}

/**
 * It is back when another one has what it had: its agents have ended meanwhile, or go on, and where `longerMs` is long
 * have to be stopped.
 */
function blockedWorker(
  gateway: FaultStack,
  fileOf: FileOf,
  { lastsMs, longerMs }: { lastsMs: number; longerMs: number },
): PassingFault {
  const name = `worker-${lastsMs}`;
  const id = String(lastsMs);
  let worker: Awaited<ReturnType<FaultStack["runner"]>>;
  let file: string;
  return {
    ...{ name, lastsMs },
    async begin() {
      const text = `${id} wait=${(lastsMs + longerMs) / 1000}`;
      const message = { conversation: `${name}-long`, id, text };
      await pushUntilTaken(gateway, message, { timeoutMs: REST_WITHIN_MS });
      worker = await gateway.runner(id);
      file = fileOf("worker", gateway.stack.workers.indexOf(worker));
      gateway.freeze(worker, () => block(file, worker));
    },
    async end() {
      const { pid } = worker.process;
      const isTaken = () => gateway.journal.starts(id).some((start) => start.worker !== pid);
      await waitUntil("another worker has taken over", isTaken, { timeoutMs: REST_WITHIN_MS });
      gateway.thaw(worker, () => rmSync(file));
    },
  };
}

function block(
  file: string,
  service: { readonly process: { signal(name: NodeJS.Signals): void } } | undefined,
): void {
  writeFileSync(file, "");
  service?.process.signal("SIGUSR2");
}

import { setTimeout as sleep } from "node:timers/promises";
import type { ModelRequest } from "../../support/model-server.ts";
import { startModelServer, textOf } from "../../support/model-server.ts";
import { checkHistory } from "../check-history.ts";
import type { FaultProxy } from "../fault-proxy.ts";
import { startFaultProxy } from "../fault-proxy.ts";
import type { FaultStack } from "../fault-stack.ts";
import { startFaultStack } from "../fault-stack.ts";
import { loadUnder } from "../load-under.ts";
import type { Random } from "../random.ts";
import { createRandom } from "../random.ts";
import type { Scenario, ScenarioOptions, ScenarioViolation } from "../scenario.ts";
import type { Toxic } from "../toxics.ts";
import { writeHistory } from "../write-history.ts";

const REST_WITHIN_MS = 120_000;
const CHECK = { maxAttempts: 3, toldWithinMs: 60_000, agentMayFail: true };
const ANSWERS_AFTER_MS = 300;

export const scenario: Scenario = {
  what: "the connection between worker and agent service: down, half-open, reset, cut off, slow, thin, in pieces",
  async run(options) {
    const model = await startModelServer(async (request) => {
      await sleep(ANSWERS_AFTER_MS);
      return { text: answerTo(request) };
    });
    const proxy = await startFaultProxy(Number(new URL(model.url).port));
    const env = {
      AGENT_RUNNER: "openai",
      AGENT_URL: `http://${proxy.address}/v1`,
      AGENT_MODEL: "model",
      AGENT_STALL_SECONDS: "5",
    };
    const gateway = await startFaultStack({ workers: 1, env });
    try {
      return await throwAll(gateway, proxy, options);
    } finally {
      await gateway.stop();
      await proxy.close();
      await model.close();
    }
  },
};

/** As test/faults/agent.sh answers. */
function answerTo({ messages }: ModelRequest): string {
  const asked = textOf(messages.findLast(({ role }) => role === "user"));
  const ids = [...asked.matchAll(/^(\d{7}) /gm)].map(([, id]) => id);
  return ids.map((id) => `${id} 1/1`).join("\n");
}

async function throwAll(
  gateway: FaultStack,
  proxy: FaultProxy,
  { seed, size, log }: ScenarioOptions,
): Promise<ScenarioViolation[]> {
  const random = createRandom(seed);
  const isSmall = size === "small";
  const violations: ScenarioViolation[] = [];
  for (const toxic of isSmall ? SMALL : random.shuffle(allToxics(random))) {
    const fault = {
      name: `agent-service-${toxic.kind}`,
      lastsMs: isSmall ? 2000 : 10_000,
      begin: () => proxy.put(toxic),
      end: () => proxy.clear(),
    };
    const load = { people: isSmall ? 2 : 4, messagesEach: 3, restWithinMs: REST_WITHIN_MS, random, log };
    violations.push(...(await loadUnder(gateway, fault, load)));
  }
  const events = await gateway.history();
  violations.push(...checkHistory(events, CHECK));
  const failed = events.filter(({ type }) => type === "dead-letter").length;
  log(`${failed} dead letters`);
  if (violations.length > 0) log(`the whole history: ${writeHistory(events, gateway.stack.logs())}`);
  return violations;
}

const SMALL: readonly Toxic[] = [{ kind: "half-open" }];

function allToxics(random: Random): Toxic[] {
  return [
    { kind: "down" },
    { kind: "half-open" },
    { kind: "reset", afterBytes: random.between(0, 600) },
    { kind: "limit", bytes: random.between(0, 600) },
    { kind: "latency", ms: random.between(50, 2000), jitterMs: random.between(0, 500) },
    { kind: "slicer", bytes: random.between(5, 50), gapMs: random.between(1, 5) },
    { kind: "bandwidth", bytesPerSecond: random.between(5000, 20_000) },
  ];
}

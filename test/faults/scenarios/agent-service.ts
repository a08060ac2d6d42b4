import { setTimeout as sleep } from "node:timers/promises";
import type { ModelRequest } from "../../support/model-server.ts";
import { startModelServer, textOf } from "../../support/model-server.ts";
import type { CheckOptions } from "../check-history.ts";
import { checkHistory } from "../check-history.ts";
import { conclude } from "../conclude.ts";
import type { FaultProxy } from "../fault-proxy.ts";
import { startFaultProxy } from "../fault-proxy.ts";
import type { FaultStack } from "../fault-stack.ts";
import { startFaultStack } from "../fault-stack.ts";
import { loadUnder } from "../load-under.ts";
import type { Random } from "../random.ts";
import { createRandom } from "../random.ts";
import type { Scenario, ScenarioOptions, ScenarioViolation } from "../scenario.ts";
import type { Toxic } from "../toxics.ts";

const REST_WITHIN_MS = 120_000;
const CHECK: CheckOptions = {
  ...{ maxAttempts: 3, toldWithinMs: 60_000 },
  // Whom the agent service is silent to waits AGENT_STALL_SECONDS twice, and not for ever. All else is tried until it is well.
  maySetAside: ({ what, code, conversation }) =>
    what === "message" && code === "provider" && conversation.startsWith("agent-service-half-open-"),
};
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
  options: ScenarioOptions,
): Promise<readonly ScenarioViolation[]> {
  const { seed, size, log } = options;
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
  return conclude(gateway, events, options, [...violations, ...checkHistory(events, CHECK)]);
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

import { checkHistory } from "../check-history.ts";
import { conclude } from "../conclude.ts";
import { startFaultStack } from "../fault-stack.ts";
import { loadUnder } from "../load-under.ts";
import { createRandom } from "../random.ts";
import { redisStates } from "../redis-states.ts";
import type { Scenario, ScenarioViolation } from "../scenario.ts";

const REST_WITHIN_MS = 60_000;
const CHECK = { maxAttempts: 3, toldWithinMs: 60_000 };

export const scenario: Scenario = {
  what: "a Redis that is loading, read-only, out of memory, unable to write its snapshot, or busy with somebody's script",
  async run(options) {
    const { seed, size, log } = options;
    const random = createRandom(seed);
    const isSmall = size === "small";
    const gateway = await startFaultStack({ workers: 2 });
    try {
      const states = redisStates(gateway.stack.redis);
      const load = { people: isSmall ? 2 : 6, messagesEach: isSmall ? 3 : 8, restWithinMs: REST_WITHIN_MS };
      const violations: ScenarioViolation[] = [];
      for (const state of isSmall ? states : random.shuffle(states)) {
        const fault = { ...state, lastsMs: isSmall ? 1000 : random.between(3000, 20_000) };
        violations.push(...(await loadUnder(gateway, fault, { ...load, random, log })));
      }
      const events = await gateway.history();
      return conclude(gateway, events, options, [...violations, ...checkHistory(events, CHECK)]);
    } finally {
      await gateway.stop();
    }
  },
};

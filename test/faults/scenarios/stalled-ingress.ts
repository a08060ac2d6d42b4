import { setTimeout as sleep } from "node:timers/promises";
import type { PushAttempt } from "@gateway/wecom-emulator";
import { checkAcknowledgements } from "../check-acknowledgements.ts";
import { checkHistory } from "../check-history.ts";
import type { Times } from "../compare-waits.ts";
import { conclude } from "../conclude.ts";
import type { FaultStack } from "../fault-stack.ts";
import { startFaultStack } from "../fault-stack.ts";
import { createRandom } from "../random.ts";
import type { Scenario, ScenarioOptions, ScenarioViolation } from "../scenario.ts";

const CHECK = { maxAttempts: 1, toldWithinMs: 0 };
const REST_WITHIN_MS = 60_000;

export const scenario: Scenario = {
  what: "one ingress of two stands still for longer than WeCom waits, and then goes through what came meanwhile and was pushed to the other",
  async run(options) {
    const gateway = await startFaultStack({ ingress: 2, workers: 1 });
    try {
      return await stall(gateway, options);
    } finally {
      await gateway.stop();
    }
  },
};

async function stall(gateway: FaultStack, options: ScenarioOptions): Promise<readonly ScenarioViolation[]> {
  const { seed, size, log } = options;
  const random = createRandom(seed);
  const people = size === "small" ? 20 : 100;
  const violations: ScenarioViolation[] = [];
  const [stalled] = gateway.stack.ingress;
  const times: Times[] = [];
  for (const stillMs of size === "small" ? [6000] : [6000, 20_000, 40_000]) {
    const messages = Array.from({ length: people }, (_, person) => {
      const id = String(stillMs * 1000 + person);
      return { conversation: `user${person}`, id, text: `${id} wait=0` };
    });
    gateway.note("stalled", `${stillMs} ms`);
    const time = { fromMs: Date.now(), toMs: Number.POSITIVE_INFINITY };
    times.push(time);
    stalled?.process.signal("SIGSTOP");
    const still = sleep(stillMs).then(() => {
      stalled?.process.signal("SIGCONT");
      time.toMs = Date.now();
    });
    // Each goes to the one that stands still; WeCom gives that up after five seconds and tries the other.
    const pushed = messages.map(async (message) => {
      const first = await gateway.push(message, 0);
      return { message, isFirst: first, isAcknowledged: first || (await gateway.push(message, 1)) };
    });
    const results = await Promise.all(pushed);
    await still;
    for (const { message, isFirst, isAcknowledged } of results) {
      if (isFirst || !isAcknowledged)
        violations.push({
          rule: isFirst ? "acknowledged-while-still" : "not-acknowledged",
          conversation: message.conversation,
          detail: message.id,
        });
    }
    // It has all of them in its sockets now; and some come once more, in another order, to either.
    await Promise.all(random.shuffle(messages).map((message) => gateway.push(message, random.between(0, 1))));
    await gateway.untilQuiet(REST_WITHIN_MS);
    log(
      `${stillMs} ms: ${stalled?.logs().match(/"outcome":"duplicate"/g)?.length ?? 0} duplicates at the one that stood still`,
    );
  }
  const mayBeLate = ({ url, atMs }: PushAttempt) =>
    url === gateway.stack.callbackUrls[0] && times.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs);
  const events = await gateway.history();
  violations.push(...checkHistory(events, CHECK), ...checkAcknowledgements(gateway, { mayBeLate }));
  return conclude(gateway, events, options, violations);
}

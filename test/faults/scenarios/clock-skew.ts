import { waitUntil } from "../../support/wait-until.ts";
import { checkAcknowledgements } from "../check-acknowledgements.ts";
import { checkHistory } from "../check-history.ts";
import { conclude } from "../conclude.ts";
import { conversationsOf } from "../conversations.ts";
import type { FaultStack } from "../fault-stack.ts";
import { startFaultStack } from "../fault-stack.ts";
import type { HistoryEvent } from "../history.ts";
import { preload } from "../preload.ts";
import type { Scenario, ScenarioOptions, ScenarioViolation } from "../scenario.ts";

/** Within the ten minutes in which a callback's timestamp is taken: behind them it would be a replay. */
const SKEW_MS = 9 * 60_000;
/** Many times what an answer takes, and far from the nine minutes. */
const PATIENCE_MS = 60_000;
const MAX_ATTEMPTS = 2;
const STOPPER = "stopper";

export const scenario: Scenario = {
  what: "the clocks of one ingress and one worker of two are nine minutes ahead or behind, together and against each other",
  async run(options) {
    const { size, log } = options;
    const skews: readonly (readonly [number, number])[] = [
      [SKEW_MS, -SKEW_MS],
      [-SKEW_MS, SKEW_MS],
      [SKEW_MS, SKEW_MS],
      [-SKEW_MS, -SKEW_MS],
    ];
    const violations: ScenarioViolation[] = [];
    for (const [ingress, worker] of size === "small" ? skews.slice(0, 1) : skews) {
      log(`ingress ${ingress / 60_000} min, worker ${worker / 60_000} min`);
      violations.push(...(await underSkew({ ingress, worker }, size === "small" ? 6 : 40, options)));
    }
    return violations;
  },
};

async function underSkew(
  shiftMs: Readonly<Record<"ingress" | "worker", number>>,
  people: number,
  options: ScenarioOptions,
): Promise<readonly ScenarioViolation[]> {
  const gateway = await startFaultStack({
    ingress: 2,
    workers: 2,
    env: { TURN_QUIET_MS: "500", WORKER_MAX_ATTEMPTS: String(MAX_ATTEMPTS) },
    envOf: (service, place) =>
      place === 0 ? {} : preload("shift-clock", { FAULT_CLOCK_SHIFT_MS: String(shiftMs[service]) }),
  });
  try {
    const newConversation = conversationsOf(gateway);
    const talks = Array.from({ length: people }, async (_, place): Promise<ScenarioViolation[]> => {
      const { conversation, say, answered } = newConversation();
      // Each through both replicas, so that one conversation has times of both clocks.
      for (const [turn, words] of ["wait=1", "wait=0", "wait=0"].entries()) {
        const id = await say(words, place + turn);
        try {
          await answered(id, PATIENCE_MS);
        } catch (error) {
          return [{ rule: "late-answer", conversation, detail: `${id}: ${String(error).slice(0, 2000)}` }];
        }
      }
      return [];
    });
    const late = [...(await Promise.all(talks)).flat(), ...(await stop(gateway))];
    if (late.length > 0) return late;
    await gateway.untilQuiet(PATIENCE_MS);
    const events = await gateway.history();
    // Who says stop gets no answer, and wants none.
    const answered = events.filter((event) => !("conversation" in event && event.conversation === STOPPER));
    const violations = [
      ...checkHistory(answered, { maxAttempts: 1, toldWithinMs: 0 }),
      ...wronglyDead(events),
      ...checkAcknowledgements(gateway),
    ];
    return conclude(gateway, events, options, violations);
  } finally {
    await gateway.stop();
  }
}

/** What was written before the word counts, whichever clocks the two went through. */
async function stop(gateway: FaultStack): Promise<ScenarioViolation[]> {
  for (const [from, to] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const id = `9${from}`;
    const message = { conversation: STOPPER, id, text: `${id} wait=60` };
    if (!(await gateway.push(message, from))) throw new Error(`${id} was not acknowledged`);
    await gateway.runner(id);
    await gateway.push({ conversation: STOPPER, id: `${id}1`, text: "/stop" }, to);
    const run = gateway.journal.starts(id)[0]?.run;
    const isStopped = () =>
      gateway.journal.read().some((event) => event.type === "run-end" && event.run === run);
    try {
      await waitUntil("the run is stopped", isStopped, { timeoutMs: 30_000 });
    } catch (error) {
      return [{ rule: "stop-missed", conversation: STOPPER, detail: `${id}: ${String(error)}` }];
    }
  }
  return [];
}

/** Nobody died: a clock is no heartbeat. */
function wronglyDead(events: readonly HistoryEvent[]): ScenarioViolation[] {
  return events.flatMap((event) =>
    event.type === "worker" ? [{ rule: "wrongly-dead", detail: `${event.worker} ${event.what}` }] : [],
  );
}

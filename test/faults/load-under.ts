import { setTimeout as sleep } from "node:timers/promises";
import type { AcknowledgementOptions } from "./check-acknowledgements.ts";
import { checkAcknowledgements } from "./check-acknowledgements.ts";
import type { FaultStack } from "./fault-stack.ts";
import { pushUntilTaken } from "./push-until-taken.ts";
import type { Random } from "./random.ts";
import type { ScenarioViolation } from "./scenario.ts";

/** What comes over the gateway and passes. */
export interface PassingFault {
  /** Letters, digits and hyphens: user ids begin with it, so that every violation names its fault. */
  readonly name: string;
  readonly lastsMs: number;
  begin(): Promise<void>;
  end(): Promise<void>;
}

/** Nothing happens: what everything is like before. */
export const CALM: PassingFault = {
  ...{ name: "calm", lastsMs: 0 },
  begin: async () => undefined,
  end: async () => undefined,
};

export interface LoadOptions extends Pick<AcknowledgementOptions, "mayBeLate"> {
  readonly people: number;
  readonly messagesEach: number;
  readonly random: Random;
  /** One answer is longer than what WeCom lets one person be sent in a minute. Default false. */
  readonly longAnswer?: boolean;
  /** Which ingress the next push goes to. Default the first. */
  readonly replica?: () => number;
  /** How long everything may take to come to rest, by itself, once the fault is over. */
  readonly restWithinMs: number;
  readonly log: (line: string) => void;
}

/**
 * People write before, while and after a fault is there; like WeCom, only more patient, their messages are pushed until
 * they are acknowledged. Afterwards everything has to come to rest by itself. What was answered is for checkHistory.
 */
export async function loadUnder(
  gateway: FaultStack,
  fault: PassingFault,
  options: LoadOptions,
): Promise<ScenarioViolation[]> {
  const { name, lastsMs } = fault;
  const { restWithinMs, log, random, replica = () => 0 } = options;
  const violations: ScenarioViolation[] = [];
  const violate = (rule: string) => (error: unknown) =>
    void violations.push({ rule, conversation: name, detail: String(error).slice(0, 2000) });
  const people = Array.from({ length: options.people }, (_, index) => `${name}-${index + 1}`);
  const ids = idsOf(gateway);
  const say = async (conversation: string, words: string, timeoutMs: number) => {
    const id = ids();
    const message = { conversation, id, text: `${id} ${words}` };
    await pushUntilTaken(gateway, message, { timeoutMs, replica });
  };
  const pauseMs = lastsMs / Math.max(1, options.messagesEach - 1);
  const write = async (conversation: string) => {
    const of = random.fork(conversation);
    for (let message = 1; message < options.messagesEach; message += 1) {
      await say(
        conversation,
        `wait=${of.between(0, 8) / 10} lines=${of.pick([1, 1, 60])}`,
        restWithinMs + lastsMs,
      );
      await sleep(of.between(0, pauseMs));
    }
  };

  // Something is under way in every conversation when the fault comes.
  await Promise.all(
    people.map((conversation, index) => {
      const lines = index === 0 && options.longAnswer === true ? 1000 : 1;
      return say(conversation, `wait=1 lines=${lines}`, restWithinMs);
    }),
  );
  gateway.note(name, "begins");
  await fault.begin();
  const written = Promise.all(people.map(write)).catch(violate("not-accepted-again"));
  // The fault is the thing under test: here time itself has to pass.
  await sleep(lastsMs);
  await fault.end();
  gateway.note(name, "is over");
  const overMs = performance.now();
  await written;
  const writtenMs = performance.now() - overMs;
  await gateway.untilQuiet(restWithinMs).catch(violate("does-not-come-to-rest"));
  const restMs = performance.now() - overMs;
  log(
    `${name}: all accepted ${writtenMs.toFixed(0)} ms after its end, at rest after ${restMs.toFixed(0)} ms`,
  );
  return [...violations, ...checkAcknowledgements(gateway, { ...options, people })];
}

const counters = new WeakMap<FaultStack, number>();

/** Message ids that no other load of the same gateway has. */
function idsOf(gateway: FaultStack): () => string {
  return () => {
    const next = (counters.get(gateway) ?? 1_000_000) + 1;
    counters.set(gateway, next);
    return String(next);
  };
}

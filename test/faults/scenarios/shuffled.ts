import { setTimeout as sleep } from "node:timers/promises";
import { checkAcknowledgements } from "../check-acknowledgements.ts";
import { checkHistory } from "../check-history.ts";
import { conclude } from "../conclude.ts";
import type { FaultStack } from "../fault-stack.ts";
import { startFaultStack } from "../fault-stack.ts";
import { sendSignedAgo } from "../late-callback.ts";
import { pushUntilTaken } from "../push-until-taken.ts";
import type { Random } from "../random.ts";
import { createRandom } from "../random.ts";
import type { Scenario, ScenarioOptions, ScenarioViolation } from "../scenario.ts";

const CHECK = { maxAttempts: 1, toldWithinMs: 0 };
const PATIENCE_MS = 60_000;
/** WECOM_CALLBACK_MAX_SKEW_SECONDS, by default; and what a busy machine adds between the signature and the look at it. */
const FRESH_SECONDS = 600;
const MARGIN_SECONDS = 60;

const SIZES = {
  small: { people: 20, messagesEach: 5, withinMs: 4000, restarts: 2 },
  full: { people: 100, messagesEach: 20, withinMs: 40_000, restarts: 12 },
} as const;
type Size = (typeof SIZES)["small" | "full"];

export const scenario: Scenario = {
  what: "WeCom's pushes come late, in another order and up to three times, to two ingresses at the same time that are killed and started again",
  async run(options) {
    const gateway = await startFaultStack({ ingress: 2, workers: 1 });
    try {
      return await shuffle(gateway, SIZES[options.size], options);
    } finally {
      await gateway.stop();
    }
  },
};

interface Message {
  readonly conversation: string;
  readonly id: string;
  readonly text: string;
}

async function shuffle(
  gateway: FaultStack,
  size: Size,
  options: ScenarioOptions,
): Promise<readonly ScenarioViolation[]> {
  const { seed, log } = options;
  const random = createRandom(seed);
  const messages = Array.from({ length: size.people }, (_, person) =>
    Array.from({ length: size.messagesEach }, (_, place): Message => {
      const id = String(1_000_000 + person * 1000 + place);
      return { conversation: `user${person}`, id, text: `${id} wait=0` };
    }),
  ).flat();
  const pushed = Promise.all(messages.map((message) => pushInCopies(gateway, message, size, random)));
  await Promise.all([pushed, restartIngresses(gateway, size, random)]);
  // Whatever met an ingress that was down, each time.
  const replica = () => random.between(0, 1);
  await Promise.all(
    messages.map((message) => pushUntilTaken(gateway, message, { timeoutMs: PATIENCE_MS, replica })),
  );
  await gateway.untilQuiet(PATIENCE_MS);
  const stale = await sendLate(gateway);
  // All of it once more, long after the answers, through ingresses that know nothing of the first time.
  for (const ingress of gateway.stack.ingress) {
    await gateway.kill(ingress, "SIGTERM");
    await ingress.start();
  }
  const again = await Promise.all(
    random.shuffle(messages).map((message) => gateway.push(message, replica())),
  );
  await gateway.untilQuiet(PATIENCE_MS);
  const events = await gateway.history();
  log(
    `${messages.length} messages, ${events.filter(({ type }) => type === "push").length} pushes, ${events.filter(({ type }) => type === "ack").length} of them acknowledged`,
  );
  const violations: ScenarioViolation[] = [
    ...[...checkHistory(events, CHECK), ...checkAcknowledgements(gateway)],
    ...[...stale, ...checkLate(gateway)],
  ];
  if (again.includes(false))
    violations.push({ rule: "not-taken-again", detail: "a repetition was not acknowledged" });
  return conclude(gateway, events, options, violations);
}

/** Each copy at a moment of its own, so that a later message may well come before an earlier one. */
async function pushInCopies(
  gateway: FaultStack,
  message: Message,
  { withinMs }: Size,
  random: Random,
): Promise<void> {
  const isTogether = random.chance(0.3);
  const togetherMs = random.between(0, withinMs);
  const copies = Array.from({ length: random.between(1, 3) }, async (_, copy) => {
    await sleep(isTogether ? togetherMs : random.between(0, withinMs));
    await gateway.push(message, copy + random.between(0, 1));
  });
  await Promise.all(copies);
}

/** One at a time: the other one is there. */
async function restartIngresses({ kill, stack }: FaultStack, size: Size, random: Random): Promise<void> {
  const pauseMs = size.withinMs / size.restarts / 2;
  for (let restart = 0; restart < size.restarts; restart += 1) {
    await sleep(random.between(0, pauseMs));
    const ingress = stack.ingress[restart % stack.ingress.length];
    if (ingress === undefined) throw new Error("there is no ingress");
    await kill(ingress, random.pick(["SIGKILL", "SIGTERM"]));
    await ingress.start();
  }
}

/** Ids of messages that were signed too long ago, or too far ahead, and of those that were not. */
const LATE = [
  { user: "late-stale", id: "2000001", secondsAgo: FRESH_SECONDS + MARGIN_SECONDS, isTaken: false },
  { user: "early-stale", id: "2000002", secondsAgo: -FRESH_SECONDS - MARGIN_SECONDS, isTaken: false },
  { user: "late", id: "2000003", secondsAgo: FRESH_SECONDS - MARGIN_SECONDS, isTaken: true },
  { user: "early", id: "2000004", secondsAgo: MARGIN_SECONDS - FRESH_SECONDS, isTaken: true },
] as const;

/** All get their 200, so that nobody pushes them again: what is stale is a replay, and is not stored. */
async function sendLate(gateway: FaultStack): Promise<ScenarioViolation[]> {
  const violations: ScenarioViolation[] = [];
  for (const { user, id, secondsAgo } of LATE) {
    for (const replica of [0, 1]) {
      const status = await sendSignedAgo(gateway, { user, id, text: `${id} wait=0` }, secondsAgo, replica);
      if (status !== 200)
        violations.push({ rule: "late-not-acknowledged", conversation: user, detail: `${status}` });
    }
  }
  return violations;
}

function checkLate({ journal, shown }: FaultStack): ScenarioViolation[] {
  return LATE.flatMap(({ user, id, isTaken }): ScenarioViolation[] => {
    const wanted = isTaken ? [`${id} 1/1`] : [];
    const seen = shown(user);
    if (journal.starts(id).length === wanted.length && String(seen) === String(wanted)) return [];
    const detail = `${journal.starts(id).length} runs, shown: ${seen.join(", ")}`;
    return [{ rule: isTaken ? "late-not-answered" : "stale-answered", conversation: user, detail }];
  });
}

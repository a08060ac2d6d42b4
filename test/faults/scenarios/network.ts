import { checkHistory } from "../check-history.ts";
import { conclude } from "../conclude.ts";
import type { FaultStack } from "../fault-stack.ts";
import { startFaultStack } from "../fault-stack.ts";
import type { Links } from "../links.ts";
import { createLinks, LINKS } from "../links.ts";
import { CALM, loadUnder } from "../load-under.ts";
import type { Random } from "../random.ts";
import { createRandom } from "../random.ts";
import type { Scenario, ScenarioOptions, ScenarioViolation } from "../scenario.ts";
import { tokensFetched } from "../tokens-fetched.ts";
import type { Toxic } from "../toxics.ts";
import { WARMING_PEOPLE, watchUse } from "../watch-use.ts";

type Link = (typeof LINKS)[number];

interface Cell {
  readonly link: Link;
  readonly toxic: Toxic;
}

const PEOPLE = 4;
const REST_WITHIN_MS = 120_000;
const CHECK = { maxAttempts: 3, toldWithinMs: 60_000 };
/**
 * Connections that are kept open for the next request, beyond those of the first calm moment; and what a heap that is warm
 * goes up and down by, which is up to 35 MB. Memory that grows from cell to cell is beyond that before the last of them.
 */
const KEPT = { sockets: 2 * PEOPLE, rssBytes: 60e6 };

export const scenario: Scenario = {
  what: "every connection between WeCom, ingress, Redis and worker in turn: down, half-open, reset, cut off, slow, thin, in pieces",
  async run(options) {
    const links = createLinks();
    // A long answer comes in messages, however many.
    const env = { WECOM_CALLBACK_REPLY_FILE_AFTER_CHUNKS: "0" };
    const gateway = await startFaultStack({ workers: 2, between: links.between, env });
    try {
      return await throwAll(gateway, links, options);
    } finally {
      await gateway.stop();
      await links.close();
    }
  },
};

async function throwAll(
  gateway: FaultStack,
  links: Links,
  options: ScenarioOptions,
): Promise<readonly ScenarioViolation[]> {
  const { seed, size, log } = options;
  const random = createRandom(seed);
  const load = { people: PEOPLE, restWithinMs: REST_WITHIN_MS, log, random };
  const violations = await loadUnder(gateway, CALM, { ...load, people: WARMING_PEOPLE, messagesEach: 4 });
  const checkUse = watchUse(gateway, log);
  for (const { link, toxic } of size === "small" ? SMALL : random.shuffle(allCells(random))) {
    const time = { fromMs: Number.POSITIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
    const fault = {
      name: `${link}-${toxic.kind}`,
      lastsMs: size === "small" ? 2000 : 8000,
      async begin() {
        time.fromMs = Date.now();
        await links.on(link).put(toxic);
      },
      async end() {
        await links.on(link).clear();
        time.toMs = Date.now();
      },
    };
    log(`${link}: ${JSON.stringify(toxic)}`);
    const tokensBefore = tokensFetched(gateway);
    // Not where answers are lost: one to gettoken could be, and has to be asked for again.
    const isRevoked = link === "worker-wecom" && !LOSES_ANSWERS.includes(toxic.kind);
    if (isRevoked) gateway.stack.emulator.revokeTokens();
    const broken = await loadUnder(gateway, fault, {
      ...load,
      messagesEach: size === "small" ? 3 : 5,
      // It takes more than a minute to send.
      longAnswer: size === "full" && random.chance(0.2),
      // What it pushes then reaches nobody who could close the connection.
      mayBeLate: ({ atMs }) =>
        `${link} ${toxic.kind}` === "wecom-ingress half-open" && atMs >= time.fromMs && atMs < time.toMs,
    });
    violations.push(...broken, ...(await checkUse(fault.name, KEPT)));
    violations.push(...checkTokens(fault.name, tokensFetched(gateway) - tokensBefore, isRevoked ? 1 : 0));
    if (broken.length > 0) await restartAll(gateway);
  }
  const events = await gateway.history();
  return conclude(gateway, events, options, [...violations, ...checkHistory(events, CHECK)]);
}

function checkTokens(conversation: string, fetched: number, revoked: number): ScenarioViolation[] {
  if (fetched === revoked) return [];
  return [{ rule: "tokens-fetched", conversation, detail: `${fetched} tokens for ${revoked} revocations` }];
}

/** What `npm test` has time for. What was found with half-open has a test of its own, half-open.test.ts. */
const SMALL: readonly Cell[] = [
  { link: "ingress-redis", toxic: { kind: "down" } },
  { link: "worker-redis", toxic: { kind: "reset", afterBytes: 20 } },
  { link: "worker-wecom", toxic: { kind: "half-open" } },
  { link: "wecom-ingress", toxic: { kind: "limit", bytes: 10 } },
  { link: "worker-wecom", toxic: { kind: "latency", ms: 300, jitterMs: 300 } },
];

const LOSES_ANSWERS: readonly Toxic["kind"][] = ["down", "half-open", "reset", "limit"];

function allCells(random: Random): Cell[] {
  return LINKS.flatMap((link) => {
    const slowestMs = link === "ingress-redis" ? 1500 : 800;
    const toxics: readonly Toxic[] = [
      { kind: "down" },
      { kind: "half-open" },
      { kind: "reset", afterBytes: random.between(0, 60) },
      { kind: "limit", bytes: random.between(0, 60) },
      { kind: "latency", ms: random.between(50, slowestMs), jitterMs: random.between(0, 300) },
      { kind: "slicer", bytes: random.between(16, 64), gapMs: random.between(1, 3) },
      { kind: "bandwidth", bytesPerSecond: random.between(10_000, 40_000) },
    ];
    return toxics.map((toxic) => ({ link, toxic }));
  });
}

const servicesOf = ({ stack }: FaultStack) => [...stack.ingress, ...stack.workers];

/** What hangs would spoil the cells after it. */
async function restartAll(gateway: FaultStack): Promise<void> {
  for (const service of servicesOf(gateway)) {
    await gateway.kill(service);
    await service.start();
  }
}

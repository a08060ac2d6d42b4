import { checkHistory } from "../check-history.ts";
import type { FaultStack } from "../fault-stack.ts";
import { startFaultStack } from "../fault-stack.ts";
import type { Links } from "../links.ts";
import { createLinks, LINKS } from "../links.ts";
import { loadUnder } from "../load-under.ts";
import type { Random } from "../random.ts";
import { createRandom } from "../random.ts";
import type { Scenario, ScenarioOptions, ScenarioViolation } from "../scenario.ts";
import { tokensFetched } from "../tokens-fetched.ts";
import type { Toxic } from "../toxics.ts";
import { watchUse } from "../watch-use.ts";
import { writeHistory } from "../write-history.ts";

type Link = (typeof LINKS)[number];

interface Cell {
  readonly link: Link;
  readonly toxic: Toxic;
}

const PEOPLE = 4;
const REST_WITHIN_MS = 120_000;
const CHECK = { maxAttempts: 3, toldWithinMs: 60_000 };
/** Connections that are kept open for the next request, beyond those of the first calm moment. */
const KEPT = { sockets: 2 * PEOPLE, rssBytes: 200 << 20 };

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
  { seed, size, log }: ScenarioOptions,
): Promise<ScenarioViolation[]> {
  const random = createRandom(seed);
  const load = { people: PEOPLE, restWithinMs: REST_WITHIN_MS, log, random };
  const calm = { name: "calm", lastsMs: 0, begin: async () => undefined, end: async () => undefined };
  const violations = await loadUnder(gateway, calm, { ...load, messagesEach: 3 });
  const checkUse = watchUse(gateway, KEPT);
  for (const { link, toxic } of size === "small" ? SMALL : random.shuffle(allCells(random))) {
    const fault = {
      name: `${link}-${toxic.kind}`,
      lastsMs: size === "small" ? 2000 : 8000,
      begin: () => links.on(link).put(toxic),
      end: () => links.on(link).clear(),
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
    });
    violations.push(...broken, ...(await checkUse(fault.name)));
    const [fetched, revoked] = [tokensFetched(gateway) - tokensBefore, isRevoked ? 1 : 0];
    if (fetched !== revoked) {
      const detail = `${fetched} tokens for ${revoked} revocations`;
      violations.push({ rule: "tokens-fetched", conversation: fault.name, detail });
    }
    if (broken.length > 0) await restartAll(gateway);
  }
  const events = await gateway.history();
  violations.push(...checkHistory(events, CHECK));
  if (violations.length > 0) log(`the whole history: ${writeHistory(events, gateway.stack.logs())}`);
  return violations;
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

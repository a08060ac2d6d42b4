import { randomBytes } from "node:crypto";
import { checkHistory } from "../check-history.ts";
import { conclude } from "../conclude.ts";
import type { FaultStack } from "../fault-stack.ts";
import { startFaultStack } from "../fault-stack.ts";
import type { Flood, Pressure, SlowClients, SlowKind } from "../hostile-clients.ts";
import { floodWith, holdSlowClients } from "../hostile-clients.ts";
import type { PassingFault } from "../load-under.ts";
import { CALM, loadUnder } from "../load-under.ts";
import { createRandom } from "../random.ts";
import type { Scenario, ScenarioOptions, ScenarioViolation } from "../scenario.ts";
import { tokensFetched } from "../tokens-fetched.ts";
import { WARMING_PEOPLE, watchUse } from "../watch-use.ts";

const PEOPLE = 6;
const MESSAGES_EACH = 6;
const SLOW_CLIENTS = 2000;
const FORGED_PER_SECOND = 10_000;
/** Twenty for each message that is written meanwhile: less is no flood, however slow the machine. */
const LEAST_FORGED = 20 * PEOPLE * MESSAGES_EACH;
const CHECK = { maxAttempts: 1, toldWithinMs: 0 };
/**
 * 2,000 connections with their parsers take an ingress some 75 MB, which its heap may keep until it has other work. Kept
 * from connection to connection, or of forged requests by the hundred thousand, a kilobyte of each would be more.
 */
const KEPT = { sockets: 2 * PEOPLE, rssBytes: 100e6 };
const KEPT_AT_LAST = { ...KEPT, rssBytes: 80e6 };
/** Nobody asks for a token more than once where none is revoked. */
const TOKENS = 1;

export const scenario: Scenario = {
  what: "2,000 clients that dribble headers or a body or say nothing, then 10,000 forged requests a second, while people write",
  async run(options) {
    const gateway = await startFaultStack({ workers: 1 });
    try {
      return await pressOn(gateway, options);
    } finally {
      await gateway.stop();
    }
  },
};

async function pressOn(gateway: FaultStack, options: ScenarioOptions): Promise<readonly ScenarioViolation[]> {
  const { seed, size, log } = options;
  const load = { people: PEOPLE, restWithinMs: 60_000, log, random: createRandom(seed) };
  const violations = await loadUnder(gateway, CALM, { ...load, people: WARMING_PEOPLE, messagesEach: 4 });
  const checkUse = watchUse(gateway, log);
  // Longer than the five seconds after which the slow are cut.
  const lastsMs = size === "small" ? 8000 : 30_000;
  for (const fault of faultsOf(gateway, lastsMs, size, log)) {
    violations.push(...(await loadUnder(gateway, fault, { ...load, messagesEach: MESSAGES_EACH })));
    violations.push(
      ...checkFirstPushes(gateway, fault.name),
      ...fault.check(),
      ...(await checkUse(fault.name, KEPT)),
    );
  }
  violations.push(...(await checkUse("at last", KEPT_AT_LAST)));
  const tokens = tokensFetched(gateway);
  if (tokens > TOKENS) violations.push({ rule: "token-fetched-again", detail: `${tokens} times` });
  const events = await gateway.history();
  violations.push(...checkHistory(events, CHECK));
  return conclude(gateway, events, options, violations);
}

interface Pressing extends PassingFault {
  check(): ScenarioViolation[];
}

function faultsOf(
  gateway: FaultStack,
  lastsMs: number,
  size: string,
  log: (line: string) => void,
): Pressing[] {
  const [ingress] = gateway.stack.ingress;
  if (ingress === undefined) throw new Error("there is no ingress");
  const { port } = ingress;
  const path = `/wecom/callback?${new URLSearchParams(forgedQuery())}`;
  const slow = (name: string, kinds: readonly SlowKind[]): Pressing => {
    let clients: SlowClients | undefined;
    const fault = pressing(name, lastsMs, log, async () => {
      clients = await holdSlowClients({ port, pid: ingress.process.pid }, path, kinds, SLOW_CLIENTS);
      return clients;
    });
    return { ...fault, check: () => checkPressure(name, clients?.held() ?? 0, SLOW_CLIENTS) };
  };
  const slowFaults: Pressing[] =
    size === "small"
      ? [slow("slow", ["headers", "body", "idle"])]
      : [slow("slow-headers", ["headers"]), slow("slow-bodies", ["body"]), slow("idle", ["idle"])];
  let flood: Flood | undefined;
  const forged = pressing("forged", lastsMs, log, async () => {
    flood = floodWith(forgedRequest(gateway), port, FORGED_PER_SECOND);
    return flood;
  });
  const check = () => {
    const others = [...(flood?.statuses ?? [])].filter(([status]) => status !== "403");
    const enough = checkPressure("forged", flood?.statuses.get("403") ?? 0, LEAST_FORGED);
    if (others.length === 0) return enough;
    return [...enough, { rule: "forgery-not-refused", detail: JSON.stringify(others) }];
  };
  return [...slowFaults, { ...forged, check }];
}

/** Who was not pressed on has not held. */
const checkPressure = (name: string, count: number, least: number): ScenarioViolation[] =>
  count >= least
    ? []
    : [{ rule: "too-little-pressure", conversation: name, detail: `${count}, and not ${least}` }];

function pressing(
  name: string,
  lastsMs: number,
  log: (line: string) => void,
  begin: () => Promise<Pressure>,
): Pressing {
  let pressure: Pressure | undefined;
  return {
    ...{ name, lastsMs },
    async begin() {
      pressure = await begin();
    },
    async end() {
      log(`${name}: ${await pressure?.end()}`);
    },
    check: () => [],
  };
}

function forgedQuery() {
  return {
    msg_signature: randomBytes(20).toString("hex"),
    timestamp: String(Math.floor(Date.now() / 1000)),
    nonce: "1234567890",
  };
}

/** Right in everything but the signature, so that it costs as much as a forgery can. */
function forgedRequest({ stack }: FaultStack): string {
  const [app] = stack.apps;
  const encrypted = randomBytes(288).toString("base64");
  const body = `<xml><ToUserName><![CDATA[${app?.corpId}]]></ToUserName><AgentID>${app?.agentId}</AgentID><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`;
  const head = `POST /wecom/callback?${new URLSearchParams(forgedQuery())} HTTP/1.1`;
  return `${head}\r\nHost: gateway\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

/** Under this pressure nobody is asked to push again. */
function checkFirstPushes({ stack }: FaultStack, name: string): ScenarioViolation[] {
  const people = Array.from({ length: PEOPLE }, (_, index) => `${name}-${index + 1}`);
  return people.flatMap((user) =>
    stack.emulator.pushes({ user }).flatMap(({ attempts }) =>
      attempts
        .filter(({ outcome }) => outcome !== "answered")
        .map(({ outcome, latencyMs }) => ({
          ...{ rule: "not-served", conversation: user },
          detail: `${outcome} after ${latencyMs} ms`,
        })),
    ),
  );
}

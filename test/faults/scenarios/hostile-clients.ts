import { randomBytes } from "node:crypto";
import { checkHistory } from "../check-history.ts";
import type { FaultStack } from "../fault-stack.ts";
import { startFaultStack } from "../fault-stack.ts";
import type { Flood, Pressure, SlowKind } from "../hostile-clients.ts";
import { floodWith, holdSlowClients } from "../hostile-clients.ts";
import type { PassingFault } from "../load-under.ts";
import { loadUnder } from "../load-under.ts";
import { createRandom } from "../random.ts";
import type { Scenario, ScenarioOptions, ScenarioViolation } from "../scenario.ts";
import { tokensFetched } from "../tokens-fetched.ts";
import { watchUse } from "../watch-use.ts";

const PEOPLE = 6;
const SLOW_CLIENTS = 2000;
const FORGED_PER_SECOND = 10_000;
const CHECK = { maxAttempts: 1, toldWithinMs: 0 };
const KEPT = { sockets: 2 * PEOPLE, rssBytes: 200 << 20 };
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

async function pressOn(
  gateway: FaultStack,
  { seed, size, log }: ScenarioOptions,
): Promise<ScenarioViolation[]> {
  const load = { people: PEOPLE, restWithinMs: 60_000, log, random: createRandom(seed) };
  const calm = { name: "calm", lastsMs: 0, begin: async () => undefined, end: async () => undefined };
  const violations = await loadUnder(gateway, calm, { ...load, messagesEach: 3 });
  const checkUse = watchUse(gateway, KEPT);
  // Longer than the five seconds after which the slow are cut.
  const lastsMs = size === "small" ? 8000 : 30_000;
  for (const fault of faultsOf(gateway, lastsMs, size, log)) {
    violations.push(...(await loadUnder(gateway, fault, { ...load, messagesEach: 6 })));
    violations.push(
      ...checkFirstPushes(gateway, fault.name),
      ...fault.check(),
      ...(await checkUse(fault.name)),
    );
  }
  const tokens = tokensFetched(gateway);
  if (tokens > TOKENS) violations.push({ rule: "token-fetched-again", detail: `${tokens} times` });
  return [...violations, ...checkHistory(await gateway.history(), CHECK)];
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
  const { port } = gateway.stack.ingress[0] ?? { port: 0 };
  const path = `/wecom/callback?${new URLSearchParams(forgedQuery())}`;
  const slow = (name: string, kinds: readonly SlowKind[]) =>
    pressing(name, lastsMs, log, () => holdSlowClients(port, path, kinds, SLOW_CLIENTS));
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
    if (flood !== undefined && flood.statuses.size > 0 && others.length === 0) return [];
    return [{ rule: "forgery-not-refused", detail: JSON.stringify(others) }];
  };
  return [...slowFaults, { ...forged, check }];
}

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

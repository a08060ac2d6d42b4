import { freePort } from "../../../scripts/lib/ports.mjs";
import type { ServiceHandle } from "../../support/service.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { checkHistory } from "../check-history.ts";
import { conclude } from "../conclude.ts";
import type { FaultProxy } from "../fault-proxy.ts";
import { startFaultProxy } from "../fault-proxy.ts";
import type { FaultStack } from "../fault-stack.ts";
import { startFaultStack } from "../fault-stack.ts";
import type { PassingFault } from "../load-under.ts";
import { loadUnder } from "../load-under.ts";
import { pushUntilTaken } from "../push-until-taken.ts";
import { createRandom } from "../random.ts";
import type { Scenario, ScenarioOptions, ScenarioViolation } from "../scenario.ts";
import type { Toxic } from "../toxics.ts";

const WORKERS = 2;
const REST_WITHIN_MS = 120_000;
/** A worker that is back finds a dead connection after 15 s, and BullMQ looks at its locks every 15 s at most. */
const CHECK = { maxAttempts: 3, toldWithinMs: 60_000 };
/** Some twelve parts, of which the worker has sent a few. */
const LINES = 400;
const STEPS_OF_SENDING = 6;

/** When the worker loses Redis: its agent ends meanwhile, its agent goes on until after, or it is sending an answer. */
const MOMENTS = ["ends-meanwhile", "ends-later", "sends"] as const;
type Moment = (typeof MOMENTS)[number];

export const scenario: Scenario = {
  what: "one worker of two is cut off from Redis while the other is not, and goes on reaching WeCom and its agents",
  async run(options) {
    const redisPort = await freePort();
    const proxies = await Promise.all(Array.from({ length: WORKERS }, () => startFaultProxy(redisPort)));
    const gateway = await startFaultStack({
      ...{ workers: WORKERS, redisPort },
      env: { WECOM_CALLBACK_REPLY_FILE_AFTER_CHUNKS: "0" },
      envOf: (service, place): Record<string, string> =>
        service === "worker" ? { REDIS_URL: `redis://${proxies[place]?.address}` } : {},
    });
    try {
      return await cutOff(gateway, proxies, options);
    } finally {
      await gateway.stop();
      for (const proxy of proxies) await proxy.close();
    }
  },
};

async function cutOff(
  gateway: FaultStack,
  proxies: readonly FaultProxy[],
  options: ScenarioOptions,
): Promise<readonly ScenarioViolation[]> {
  const { seed, size, log } = options;
  const isSmall = size === "small";
  const kinds: readonly ("half-open" | "down")[] = isSmall ? ["half-open"] : ["half-open", "down"];
  const load = {
    ...{ people: isSmall ? 2 : 6, messagesEach: 3, restWithinMs: REST_WITHIN_MS, log },
    random: createRandom(seed),
  };
  const violations: ScenarioViolation[] = [];
  for (const kind of kinds) {
    for (const moment of MOMENTS) {
      const id = String(1 + kinds.indexOf(kind) * MOMENTS.length + MOMENTS.indexOf(moment));
      const fault = oneOfTwo(gateway, proxies, {
        toxic: { kind },
        moment,
        id,
        lastsMs: isSmall ? 6000 : 20_000,
      });
      violations.push(...(await loadUnder(gateway, fault, load)));
    }
  }
  const events = await gateway.history();
  violations.push(...checkHistory(events, CHECK));
  return conclude(gateway, events, options, violations);
}

/** Of the worker that has the message `id`; over when the other one has it. */
function oneOfTwo(
  gateway: FaultStack,
  proxies: readonly FaultProxy[],
  { toxic, moment, id, lastsMs }: { toxic: Toxic; moment: Moment; id: string; lastsMs: number },
): PassingFault {
  const name = `${moment}-${toxic.kind}`;
  const conversation = `${name}-patient`;
  let worker: ServiceHandle;
  let proxy: FaultProxy;
  const words = {
    "ends-meanwhile": `wait=${lastsMs / 2000}`,
    "ends-later": `wait=${lastsMs / 1000 + 10}`,
    sends: `wait=0 lines=${LINES}`,
  };
  return {
    ...{ name, lastsMs },
    async begin() {
      const message = { conversation, id, text: `${id} ${words[moment]}` };
      const sending = moment === "sends" ? placeOfSender(proxies, conversation) : undefined;
      await pushUntilTaken(gateway, message, { timeoutMs: REST_WITHIN_MS });
      const { workers } = gateway.stack;
      const place = (await sending) ?? workers.indexOf(await gateway.runner(id));
      const [found, itsProxy] = [workers[place], proxies[place]];
      if (found === undefined || itsProxy === undefined) throw new Error(`no worker is at place ${place}`);
      worker = found;
      proxy = itsProxy;
      await proxy.put(toxic);
    },
    async end() {
      const isDead = async () =>
        (await gateway.history()).some(
          (event) =>
            event.type === "worker" && event.what === "declared-dead" && event.worker === worker.process.pid,
        );
      await waitUntil("the other one takes it for dead", isDead, { timeoutMs: REST_WITHIN_MS });
      await proxy.clear();
    },
  };
}

/** The place of the worker that sends an answer, once it is in the midst of it: all that it does is a step in Redis. */
async function placeOfSender(proxies: readonly FaultProxy[], conversation: string): Promise<number> {
  const holds = proxies.map((proxy) => {
    let steps = 0;
    return proxy.holdRequest((bytes) => {
      if (bytes.includes(":deliver:") && bytes.includes(":reply:re-") && bytes.includes(conversation))
        steps += 1;
      return steps === STEPS_OF_SENDING;
    });
  });
  const place = await Promise.race(holds.map(({ held }, index) => held.then(() => index)));
  for (const hold of holds) hold.release();
  return place;
}

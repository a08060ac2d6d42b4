import { afterAll, describe, expect, it } from "@jest/globals";
import { untilQuiet } from "../../faults/until-quiet.ts";
import { answersTo } from "../../support/answers.ts";
import { waitUntil } from "../../support/wait-until.ts";
import type { Lane } from "./lanes.ts";
import { createLanes } from "./lanes.ts";

// Retires the risk that some moment exists at which kill -9 loses a message, or lets its reply be seen twice.
// Every step of one message is a request to Redis or to WeCom; a proxy stops the process exactly there.

const LIMIT_MS = 120_000;
const lanes = createLanes();
let users = 0;
afterAll(lanes.stop);

/** A request that has all of these in it. */
const request =
  (...parts: string[]) =>
  (bytes: string) =>
    parts.every((part) => bytes.includes(part));

/** A script call with a key of each of these kinds and, where given, this argument. */
const script =
  (...parts: string[]) =>
  (bytes: string) =>
    /evalsha|eval\r/i.test(bytes) && request(...parts)(bytes);

/** The n-th request of this kind from now on. */
const nth = (count: number, match: (bytes: string) => boolean) => {
  let seen = 0;
  return (bytes: string) => match(bytes) && ++seen === count;
};

const twice = <Point>(points: readonly Point[]) =>
  points.flatMap((point) => (["before", "after"] as const).map((when) => ({ ...point, when })));

/** Long enough for so many parts: the demo agent repeats it. */
const PARTS = 3;
const LONG = `hello ${"企业微信 agent ".repeat(250)}`.trim();

const answers = ({ stack }: Lane, user: string, text: string) => answersTo(stack.emulator, user, text);

/** What the person was shown of the answer to LONG: the rest is notices, and the answer to "last". */
const parts = ({ stack }: Lane, user: string) =>
  stack.emulator
    .seen({ app: "main", user })
    .flatMap(({ content }) =>
      content.kind === "text" && !/^[⏳🔄]/u.test(content.text) ? [content.text] : [],
    )
    .filter((text) => !text.includes("You said：last"));

/** Parts are cut at spaces, which are not shown. */
const withoutSpaces = (text: string) => text.replaceAll(/\s/g, "");

/** All parts, each once and in order. */
async function isAnsweredInParts(lane: Lane, user: string) {
  await untilAnswered(lane, user, "hello");
  await isAnsweredOnce(lane, user);
  const shown = parts(lane, user);
  expect(shown).toHaveLength(PARTS);
  const whole = withoutSpaces(shown.join(""));
  expect(whole.slice(whole.indexOf("hello"), whole.indexOf("我是演示助手"))).toBe(withoutSpaces(LONG));
}

/** No second reply either, once nothing is left that could bring one; and the conversation goes on. */
async function isAnsweredOnce(lane: Lane, user: string) {
  await untilAnswered(lane, user, "hello");
  await lane.stack.emulator.pushText({ app: "main", user, text: "last" });
  await untilAnswered(lane, user, "last");
  // It would also take the place of the next case's message.
  await untilQuiet(lane.stack, lane.redis, LIMIT_MS);
  expect(answers(lane, user, "hello")).toHaveLength(1);
  expect(answers(lane, user, "last")).toHaveLength(1);
}

const untilAnswered = (lane: Lane, user: string, text: string) =>
  waitUntil(`${user} is answered`, () => answers(lane, user, text).length > 0, {
    timeoutMs: LIMIT_MS,
    describe: lane.stack.logs,
  });

describe("kill -9 of a worker", () => {
  const redis = "worker-redis" as const;
  const points = twice([
    { name: "the wake-up of the turn", link: redis, match: script(":turns:", "keepLastIfActive") },
    { name: "the claim", link: redis, match: script(":turns:", ":mailbox:", ":pending-turns", ":lock") },
    { name: "the commit", link: redis, match: script(":turns:", ":mailbox:", ":outbox:", ":transcript:") },
    { name: "the mark before a send", link: redis, match: script(":deliver:", ":lock", ":reply:re-") },
    { name: "the record of a send", link: redis, match: script(":deliver:", ":lock", ":reply:re-", "sent") },
    {
      name: "the end of the reply",
      link: redis,
      match: script(":deliver:", ":outbox:", ":reply:re-", ":pending-deliveries"),
    },
    ...Array.from({ length: PARTS }, (_, part) => ({
      name: `the send of part ${part + 1} of ${PARTS}`,
      link: "worker-wecom" as const,
      match: request("/message/send"),
      nth: part + 1,
    })),
  ]);

  it.concurrent.each(points)(
    "$when $name: the reply arrives, once",
    ({ link, match, when, ...point }) =>
      lanes.use(async (lane) => {
        const { stack, ingress, worker } = lane;
        const user = `worker-${++users}`;
        const reached = lane.proxy(link).cutAt({ match: nth("nth" in point ? point.nth : 1, match), when });
        const push = await stack.emulator.pushText({ app: "main", user, text: LONG });
        expect(push.status).toBe("acknowledged");
        await reached;
        await worker.kill("SIGKILL");
        await Promise.all([worker.start(), ingress.restart("SIGKILL")]);
        await untilAnswered(lane, user, "hello");
        // WeCom pushes again although it was answered; the whole gateway has been restarted in between.
        await stack.emulator.repeatPush(push.id);
        await isAnsweredInParts(lane, user);
      }),
    3 * LIMIT_MS,
  );
});

describe("kill -9 of ingress", () => {
  // One script stores the message and adds its job: between those two there is no moment.
  const [redis, wecom] = ["ingress-redis", "wecom-ingress"] as const;
  const stores = script(":seen:", ":mailbox:");
  const points = [
    { name: "before Redis has the message", link: redis, match: stores, when: "before" },
    { name: "when Redis has it, before ingress knows", link: redis, match: stores, when: "after" },
    { name: "before WeCom has the 200", link: wecom, match: request("POST /wecom/callback"), when: "after" },
  ] as const;

  it.concurrent.each(points)(
    "$name: WeCom's next push is answered, once",
    ({ link, match, when }) =>
      lanes.use(async (lane) => {
        const { stack, ingress } = lane;
        const user = `ingress-${++users}`;
        const reached = lane.proxy(link).cutAt({ match, when });
        const pushed = stack.emulator.pushText({ app: "main", user, text: "hello" });
        await reached;
        await ingress.restart("SIGKILL");
        const push = await pushed;
        // The emulator gives up after three attempts, like WeCom; the person's message may then only be in Redis.
        if (push.status !== "acknowledged") await stack.emulator.repeatPush(push.id);
        await isAnsweredOnce(lane, user);
      }),
    3 * LIMIT_MS,
  );
});

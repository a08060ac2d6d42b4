import { conversationId, createKeys } from "@gateway/conversation";
import { createAccessRegistry } from "@gateway/conversation/access";
import type { AppSettings } from "@gateway/ingress";
import { eventXml } from "@gateway/wecom-client/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { PrivateRedis, TestRedis } from "../../support/redis.ts";
import { startPrivateRedis, startRedis } from "../../support/redis.ts";
import { waitUntil } from "../../support/wait-until.ts";
import type { TestIngress } from "../ingress/harness.ts";
import {
  createPush,
  createTestApp,
  createTextPush,
  readMailbox,
  send,
  startIngress,
} from "../ingress/harness.ts";

const closed = { allowAllUsers: false } as const;
let msgIds = 0;
function text(app: AppSettings, userId: string, content = "hello") {
  msgIds += 1;
  return createTextPush(app, { userId, msgId: String(msgIds), content });
}

describe("who gets in", () => {
  let redis: TestRedis;
  let replicas: TestIngress[];
  beforeEach(async () => {
    redis = await startRedis();
    replicas = [];
  });
  afterEach(async () => {
    for (const replica of replicas) await replica.stop();
    await redis.stop();
  });

  async function start(...apps: AppSettings[]): Promise<TestIngress> {
    const replica = await startIngress({ apps, redisUrl: redis.url, prefix: redis.prefix });
    replicas.push(replica);
    return replica;
  }
  const registry = () =>
    createAccessRegistry({
      redis: redis.client(),
      keys: createKeys(redis.prefix),
      wakeControl: async () => undefined,
      now: Date.now,
    });
  /** Without what a queue notes about itself when it is opened. */
  const keyCount = async () =>
    (await redis.client().keys(`${redis.prefix}:*`)).filter((key) => !key.endsWith(":meta")).length;

  async function outcomes(app: AppSettings, ...userIds: string[]): Promise<string[]> {
    const ingress = await start(app);
    for (const userId of userIds) {
      const response = await send(ingress.url, text(app, userId));
      expect([response.status, await response.text()]).toEqual([200, "success"]);
    }
    return ingress.observations.map(({ outcome }) => ("reason" in outcome ? outcome.reason : outcome.kind));
  }

  it.each<[string, Partial<AppSettings>, string[]]>([
    ["nobody by default", {}, ["access_denied", "access_denied", "access_denied"]],
    ["the listed", { allowedUsers: ["ZhangSan"] }, ["accepted", "access_denied", "access_denied"]],
    ["everybody by a star", { allowedUsers: ["*"] }, ["accepted", "accepted", "accepted"]],
    ["administrators", { adminUsers: ["boss"] }, ["access_denied", "access_denied", "accepted"]],
    [
      "users of this corp only",
      { allowedUsers: ["wwOne:zhangsan", "wwTwo:lisi"] },
      ["accepted", "access_denied", "access_denied"],
    ],
  ])("is %s", async (_who, settings, expected) => {
    const app = createTestApp({ corpId: "wwOne", ...closed, ...settings });
    expect(await outcomes(app, "zhangsan", "lisi", "boss")).toEqual(expected);
  });

  it("is whoever an administrator let in, on every replica at once, until it is revoked", async () => {
    const app = createTestApp(closed);
    const [one, two] = [await start(app), await start(app)];
    await registry().admit(app, "zhangsan", "console");
    await send(one.url, text(app, "ZhangSan", "first"));
    await send(two.url, text(app, "ZhangSan", "second"));
    await registry().revoke(app, "zhangsan");
    await send(one.url, text(app, "ZhangSan", "third"));
    await send(two.url, text(app, "ZhangSan", "fourth"));
    const contents = (await readMailbox(redis.client(), redis.prefix, app, "ZhangSan")).map(({ message }) =>
      message.kind === "text" ? message.content : message.kind,
    );
    expect(contents).toEqual(["first", "second"]);
  });

  it("is in each corp whoever was let in there: equal user ids never meet", async () => {
    const app = createTestApp({ ...closed, corpId: "wwOne" });
    const other = createTestApp({ ...closed, corpId: "wwTwo", name: "other" });
    const ingress = await start(app, other);
    await registry().admit(app, "zhangsan", "console");
    await send(ingress.url, text(app, "zhangsan"));
    await send(ingress.url, text(other, "zhangsan"));
    expect(await readMailbox(redis.client(), redis.prefix, app)).toHaveLength(1);
    expect(await readMailbox(redis.client(), redis.prefix, other)).toHaveLength(0);
  });

  it("leaves no trace of a denied person where nobody is to be told", async () => {
    const app = createTestApp(closed);
    const ingress = await start(app);
    const before = await keyCount();
    for (let count = 0; count < 20; count += 1) await send(ingress.url, text(app, "stranger"));
    expect(await keyCount()).toBe(before);
  });

  it.each([
    ["notice", { denyNotice: true }],
    ["code", { pairing: true }],
  ])("stores one %s for a flood, whatever the flood, and none of its words", async (_word, settings) => {
    const app = createTestApp({ ...closed, ...settings });
    const [one, two] = [await start(app), await start(app)];
    await send(one.url, text(app, "stranger", "PRIVATE 0"));
    const before = await keyCount();
    const flood = Array.from({ length: 100 }, (_, index) => text(app, "stranger", `PRIVATE ${index}`));
    const answers = await Promise.all(
      flood.map((push, index) => send(index % 2 === 0 ? one.url : two.url, push)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await keyCount()).toBe(before);

    const keys = createKeys(redis.prefix);
    const conversation = conversationId({ ...app, userId: "stranger" });
    const stored = await redis.client().lrange(keys.control(conversation), 0, -1);
    expect(stored).toHaveLength(1);
    expect(stored.join()).not.toContain("PRIVATE");
    expect(await readMailbox(redis.client(), redis.prefix, app, "stranger")).toHaveLength(0);
    expect([one, two].flatMap((replica) => replica.logLines()).join("")).not.toContain("PRIVATE");
  });

  it("says nothing to who only opens the app", async () => {
    const app = createTestApp({ ...closed, pairing: true });
    const ingress = await start(app);
    const { corpId, agentId } = app;
    const event = { corpId, agentId, userId: "stranger", event: "enter_agent", fields: { EventKey: "" } };
    expect((await send(ingress.url, createPush(app, eventXml(event)))).status).toBe(200);
    const conversation = conversationId({ corpId, agentId, userId: "stranger" });
    expect(await redis.client().exists(createKeys(redis.prefix).control(conversation))).toBe(0);
  });
});

describe("who gets in while Redis does not answer", () => {
  const app = createTestApp({ ...closed, allowedUsers: ["lisi"], pairing: true });
  const prefix = "{access}";
  let redis: PrivateRedis;
  let ingress: TestIngress;
  beforeEach(async () => {
    redis = await startPrivateRedis();
    const timing = { retryForMs: 500, retryEveryMs: 40, holdMs: 700 };
    ingress = await startIngress({ apps: [app], redisUrl: redis.url, prefix, timing });
    await waitUntil("ingress is ready", async () => (await fetch(`${ingress.url}/ready`)).ok);
  });
  afterEach(async () => {
    redis.resume();
    await ingress.stop();
    await redis.stop();
  });

  it.each([
    ["gone", () => redis.kill(), () => redis.restart()],
    ["frozen", async () => redis.pause(), async () => redis.resume()],
  ])(
    "(%s) is not known: nobody is denied for it, the push is held and comes again",
    async (_how, take, give) => {
      const push = text(app, "stranger");
      await take();
      await expect(send(ingress.url, push)).rejects.toThrow();
      expect(ingress.observations.map(({ outcome }) => outcome.kind)).toEqual(["not_stored"]);
      await give();
      await waitUntil("the push is answered", async () => (await send(ingress.url, push)).ok);
      expect(ingress.observations.at(-1)?.outcome).toMatchObject({ reason: "access_denied" });
    },
  );
});

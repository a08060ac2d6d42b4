import { eventXml } from "@gateway/wecom-client/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import type { TestIngress } from "./harness.ts";
import { createPush, createTestApp, createTextPush, readMailbox, send, startIngress } from "./harness.ts";

const app = createTestApp();

describe("the same push, however often and wherever", () => {
  let redis: TestRedis;
  let replicas: TestIngress[];
  const startReplica = async () => {
    const replica = await startIngress({ apps: [app], redisUrl: redis.url, prefix: redis.prefix });
    replicas.push(replica);
    return replica;
  };
  beforeEach(async () => {
    redis = await startRedis();
    replicas = [];
  });
  afterEach(async () => {
    for (const replica of replicas) await replica.stop();
    await redis.stop();
  });
  const mailbox = () => readMailbox(redis.client(), redis.prefix, app);

  it("is stored once by two replicas and after a restart of both, and always acknowledged", async () => {
    const [one, two] = [await startReplica(), await startReplica()];
    const push = createTextPush(app, { msgId: "4561255354251345929" });

    const together = await Promise.all([send(one.url, push), send(two.url, push), send(one.url, push)]);
    for (const replica of replicas.splice(0)) await replica.stop();
    const late = await send((await startReplica()).url, push);

    for (const response of [...together, late]) {
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toMatch(/^text\/plain/);
      expect(await response.text()).toBe("success");
    }
    expect((await mailbox()).map(({ message }) => message)).toEqual([
      expect.objectContaining({ kind: "text", msgId: "4561255354251345929", content: "hello" }),
    ]);
  });

  it("is recognised when WeCom seals the retry anew", async () => {
    const { url, observations } = await startReplica();
    const fields = { msgId: "77", content: "sealed twice" };
    await send(url, createTextPush(app, fields));
    await send(url, createTextPush(app, fields));
    expect(observations.map(({ outcome }) => outcome.kind)).toEqual(["accepted", "duplicate"]);
    expect(await mailbox()).toHaveLength(1);
  });

  it("keeps two clicks of one second apart, and one click pushed twice together", async () => {
    const { url, observations } = await startReplica();
    const { corpId, agentId } = app;
    const click = (EventKey: string) =>
      createPush(
        app,
        eventXml({
          corpId,
          agentId,
          userId: "zhangsan",
          createTime: 1_700_000_000,
          event: "click",
          fields: { EventKey },
        }),
      );
    for (const push of [click("help"), click("status"), click("help")]) await send(url, push);
    const outcomes = observations.map(({ outcome }) => outcome);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["accepted", "accepted", "duplicate"]);
    expect(new Set(outcomes.map(({ messageId }) => messageId)).size).toBe(2);
  });

  it("follows one id from the log line to the mailbox", async () => {
    const { url, logLines } = await startReplica();
    await send(url, createTextPush(app, { msgId: "5", content: "PRIVATE" }));
    const [stored] = await mailbox();
    const line = logLines().find((text) => text.includes("callback accepted")) ?? "{}";
    expect(JSON.parse(line)).toMatchObject({
      app: "main",
      messageId: stored?.id,
      userId: "zhangsan",
      outcome: "accepted",
      durationMs: expect.any(Number),
    });
    expect(logLines().join("")).not.toContain("PRIVATE");
  });

  it("keeps equal user ids of two corps apart", async () => {
    const other = createTestApp({ name: "other", corpId: "wwOther" });
    const both = await startIngress({ apps: [app, other], redisUrl: redis.url, prefix: redis.prefix });
    replicas.push(both);
    await send(both.url, createTextPush(app, { msgId: "1", userId: "zhangsan" }));
    await send(both.url, createTextPush(other, { msgId: "1", userId: "zhangsan" }));
    expect(await mailbox()).toHaveLength(1);
    expect(await readMailbox(redis.client(), redis.prefix, other)).toHaveLength(1);
  });
});

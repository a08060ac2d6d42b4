import { buffer } from "node:stream/consumers";
import type { WecomClient, WecomError } from "@gateway/wecom-client";
import { createWecomClient } from "@gateway/wecom-client";
import type { FaultAction } from "@gateway/wecom-emulator";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import type { Running } from "./harness.ts";
import { APP, startEmulator } from "./harness.ts";

let redis: TestRedis;
let wecom: Running;
let client: WecomClient;

function newClient(timeoutMs = 20_000): WecomClient {
  const { corpId, agentId, corpSecret } = APP;
  return createWecomClient({
    corpId,
    agentId,
    corpSecret,
    baseUrl: wecom.url,
    timeoutMs,
    redis: redis.client(),
    prefix: redis.prefix,
  });
}

beforeEach(async () => {
  redis = await startRedis();
  wecom = await startEmulator();
  client = newClient();
});
afterEach(async () => {
  await client.close();
  await wecom.emulator.close();
  await redis.stop();
});

const text = (content: string) =>
  client.sendMessage({ to: { users: ["zhangsan"] }, msgtype: "text", text: { content } });
const seen = () => wecom.emulator.seen({ app: APP.name, user: "zhangsan" }).length;
const failure = (promise: Promise<unknown>): Promise<WecomError> =>
  promise.then(
    () => {
      throw new Error("it did not fail");
    },
    (error) => error,
  );

describe("the gateway's own client", () => {
  it("finds everything it calls", async () => {
    const { msgId } = await text("hello");
    await client.recallMessage(msgId);
    expect(seen()).toBe(0);
    expect((await client.getAgent()).agentId).toBe(APP.agentId);
    expect((await client.getUser("00123")).userId).toBe("00123");
    expect(await client.getCallbackIps()).toContain("127.0.0.1");
    expect(await client.getApiDomainIps()).toContain("127.0.0.1");
  });

  it("uploads a file, sends it, and gets the same bytes back", async () => {
    const content = Buffer.from("报告 \r\n--boundary-like\r\n");
    const { mediaId } = await client.uploadMedia({
      type: "file",
      filename: "季度报告.txt",
      content,
      sizeBytes: content.length,
    });
    await client.sendMessage({ to: { users: ["zhangsan"] }, msgtype: "file", file: { media_id: mediaId } });
    expect(wecom.emulator.sent()[0]?.content).toMatchObject({
      kind: "file",
      media: { filename: "季度报告.txt" },
    });
    const download = await client.downloadMedia(mediaId, { limitBytes: 1000 });
    expect(download.filename).toBe("季度报告.txt");
    expect(await buffer(download.stream)).toEqual(content);
  });

  it("updates a card", async () => {
    const { responseCode = "" } = await client.sendMessage({
      to: { users: ["zhangsan"] },
      msgtype: "template_card",
      template_card: {
        card_type: "button_interaction",
        task_id: "t1",
        main_title: { title: "Go?" },
        button_list: [{ text: "Yes", key: "yes" }],
      },
    });
    await client.updateTemplateCard({ userIds: ["zhangsan"], responseCode, change: { buttonText: "Done" } });
    const [item] = wecom.emulator.chat({ app: APP.name, user: "zhangsan" });
    expect(item?.content).toMatchObject({ replacedButton: "Done" });
  });

  it("gets over a revoked token under 50 sends at once, with one new token", async () => {
    await text("first");
    wecom.emulator.revokeTokens();
    const users = Array.from({ length: 50 }, (_, index) => `user${index}`);
    await Promise.all(
      users.map((user) =>
        client.sendMessage({ to: { users: [user] }, msgtype: "text", text: { content: "x" } }),
      ),
    );
    expect(users.map((user) => wecom.emulator.seen({ app: APP.name, user }).length)).toEqual(
      users.map(() => 1),
    );
    expect(wecom.emulator.callCounts().gettoken).toBe(2);
  });

  it.each<[FaultAction, WecomError["kind"], number]>([
    [{ type: "errcode", errcode: -1 }, "busy", 0],
    [{ type: "errcode", errcode: 45009 }, "rate", 0],
    [{ type: "errcode", errcode: 60020 }, "configuration", 0],
    [{ type: "errcode", errcode: 81013 }, "recipient", 0],
    [{ type: "http", status: 502 }, "unknown", 0],
    [{ type: "reset_before" }, "unknown", 0],
    [{ type: "reset_after" }, "unknown", 1],
    [{ type: "hang", deliver: true }, "unknown", 1],
    [{ type: "hang" }, "unknown", 0],
    [{ type: "truncate_json" }, "unknown", 1],
  ])("tells %j for what it is: %s", async (action, kind, delivered) => {
    if (action.type === "hang") {
      await client.close();
      client = newClient(1000);
    }
    wecom.emulator.setFaults([{ match: { path: "message/send" }, action }]);
    expect(await failure(text("hello"))).toMatchObject({ kind });
    expect(seen()).toBe(delivered);
  });
});

import { conversationId, createKeys, createTimelines } from "@gateway/conversation";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import { waitUntil } from "../../support/wait-until.ts";
import type { TestGateway } from "../timeline/harness.ts";
import { eventsUntil, startGateway } from "../timeline/harness.ts";
import { openSession, request, startConsole } from "./harness.ts";

describe("the pages about messages", () => {
  let redis: TestRedis;
  let stops: (() => Promise<void>)[];
  beforeEach(async () => {
    redis = await startRedis();
    stops = [() => redis.stop()];
  });
  afterEach(async () => {
    for (const stop of stops.reverse()) await stop();
  });

  async function open(options: { showContent?: boolean } = {}, of: TestRedis = redis) {
    const console = await startConsole({ redisUrl: of.url, prefix: of.prefix, ...options });
    stops.push(() => console.stop());
    const cookie = await openSession(console.url);
    const headers = { accept: "text/html" };
    return { console, get: (path: string) => request(console.url, path, { cookie, headers }) };
  }
  const timelines = () =>
    createTimelines({ redis: redis.client(), keys: createKeys(redis.prefix), now: Date.now });
  const accept = (id: string, userId: string, corpId = "ww1") =>
    timelines().append([id], {
      ...{ type: "accepted", app: `app-${corpId}`, kind: "text", lane: "turn" },
      conversation: conversationId({ corpId, agentId: "2", userId }),
    });

  it("need a session", async () => {
    const { console } = await open();
    expect((await request(console.url, "/messages")).status).toBe(401);
    expect((await request(console.url, "/messages/m1")).status).toBe(401);
    expect((await request(console.url, "/messages/m1/timeline")).status).toBe(401);
  });

  it("list and find messages", async () => {
    await accept("cb-1", "zhangsan");
    await accept("cb-2", "lisi", "ww2");
    const { get } = await open();
    const all = (await get("/messages")).text;
    expect(all.indexOf("cb-2")).toBeLessThan(all.indexOf("cb-1"));
    expect(all).toContain('<option value="ww2:2">app-ww2</option>');
    const one = (await get("/messages?user=ZhangSan&app=&from=&to=&id=&zone=0")).text;
    expect([one.includes("cb-1"), one.includes("cb-2")]).toEqual([true, false]);
    const byApp = (await get("/messages?app=ww2%3A2")).text;
    expect([byApp.includes("cb-1"), byApp.includes("cb-2")]).toEqual([false, true]);
    expect((await get("/messages?from=2999-01-01T00:00")).text).toContain("No messages found");
    const byId = await get("/messages?id=cb%2F1%20x");
    expect([byId.status, byId.headers.get("location")]).toEqual([303, "/messages/cb%2F1%20x"]);
  });

  it("have more than one page when there are many", async () => {
    for (let index = 0; index < 55; index += 1) await accept(`cb-${index}-`, "zhangsan");
    const { get } = await open();
    const first = (await get("/messages?user=zhangsan")).text;
    expect(first).toContain('href="/messages?user=zhangsan&#38;offset=50"');
    expect(first).not.toContain("cb-4-");
    const second = (await get("/messages?user=zhangsan&offset=50")).text;
    expect(second).toContain("cb-4-");
    expect(second).toContain('href="/messages?user=zhangsan"');
  });

  it("escape whatever a timeline or an address holds", async () => {
    await accept("<script>1</script>", '"><img src=x>');
    const { get } = await open();
    for (const path of [
      "/messages?user=%22%3E%3Cimg%20src%3Dx%3E",
      "/messages/%3Cscript%3E1%3C%2Fscript%3E",
    ]) {
      const { text } = await get(path);
      expect(text).toContain("&#60;");
      expect(text).not.toContain("<script>1");
      expect(text).not.toContain("<img src=x");
    }
  });

  it("know a message that no worker has seen yet, and say so when nothing is known", async () => {
    const { console, get } = await open();
    const conversation = conversationId({ corpId: "ww1", agentId: "2", userId: "zhangsan" });
    const data = {
      v: 1,
      conversation,
      app: "a",
      user: "zhangsan",
      kind: "text",
      lane: "turn",
      receivedAtMs: 1,
    };
    await console.queue("inbound").add("message", data, { jobId: "cb-new" });
    expect((await get("/messages/cb-new")).text).toContain("Accepted from WeCom");
    const unknown = await get("/messages/cb-nothing");
    expect([unknown.status, unknown.text.includes("Nothing is known")]).toEqual([404, true]);
  });

  describe("of a real one", () => {
    const SECRET = "my salary of 12345";
    let gateway: TestGateway;
    beforeEach(async () => {
      gateway = await startGateway();
      stops.push(() => gateway.stop());
    });

    it("tell the story in the reader's language, never the content", async () => {
      gateway.emulator.setFaults([
        { match: { path: "message/send" }, action: { type: "errcode", errcode: 81013 } },
      ]);
      const id = await gateway.say("zhangsan", SECRET);
      await eventsUntil(gateway, id, "finished");
      const { console, get } = await open({}, gateway.redis);
      const page = (await get(`/messages/${encodeURIComponent(id)}`)).text;
      for (const words of [
        "Accepted from WeCom",
        "WeCom refused part 1 of 1",
        "visible range",
        "dead letter",
      ])
        expect(page).toContain(words);
      expect(page).toContain(`/queues/queue/inbound/${encodeURIComponent(id)}`);
      const cookie = `${await openSession(console.url)}; wgw_lang=zh-CN`;
      const chinese = await request(console.url, `/messages/${encodeURIComponent(id)}`, { cookie });
      expect(chinese.text).toContain("企业微信拒绝第 1/1 段");
      expect(chinese.text).toContain("所有接收者均无效");
      for (const text of [page, chinese.text, (await get("/messages")).text])
        expect(text).not.toContain("12345");
    });

    it("show the content only where CONSOLE_SHOW_CONTENT allows it, and write down who looked", async () => {
      const id = await gateway.say("zhangsan", SECRET);
      await eventsUntil(gateway, id, "finished");
      const { console, get } = await open({ showContent: true }, gateway.redis);
      const page = (await get(`/messages/${encodeURIComponent(id)}`)).text;
      expect(page.split(SECRET).length).toBe(3);
      await waitUntil("it is written down", () => console.logs().includes('"audit":"content_viewed"'));
      expect(console.logs()).not.toContain("12345");
    });
  });
});

import { createKeys, createQueue, MAILBOX_LIMIT } from "@gateway/conversation";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { waitUntil } from "../../support/wait-until.ts";
import type { TestGateway } from "../timeline/harness.ts";
import { eventsUntil, startGateway } from "../timeline/harness.ts";
import type { TestConsole } from "./harness.ts";
import { openSession, request, startConsole, USER } from "./harness.ts";

describe("dead letters", () => {
  let gateway: TestGateway;
  let console: TestConsole;
  let cookie: string;
  beforeEach(async () => {
    gateway = await startGateway();
    console = await startConsole({ redisUrl: gateway.redis.url, prefix: gateway.redis.prefix });
    cookie = await openSession(console.url);
  });
  afterEach(async () => {
    await console.stop();
    await gateway.stop();
  });

  const get = (path: string) => request(console.url, path, { cookie, headers: { accept: "text/html" } });
  const post = (path: string, form: Record<string, string>, options = {}) =>
    request(console.url, path, { method: "POST", cookie, form, ...options });
  const letters = async () => {
    const dead = createQueue("dead", { connection: gateway.redis.client(), prefix: gateway.redis.prefix });
    const jobs = await dead.getJobs(["waiting"]);
    await dead.close();
    return jobs.map((job) => job.id ?? "");
  };
  const seen = (user: string) =>
    gateway.emulator
      .seen({ app: gateway.app.name, user })
      .map(({ content }) => (content.kind === "text" ? content.text : content.kind));
  const audits = () =>
    console
      .logs()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
      .filter(({ audit }) => String(audit).startsWith("dead_"));
  const refuse = (times: number) =>
    gateway.emulator.setFaults([
      { match: { path: "message/send" }, times, action: { type: "errcode", errcode: 81013 } },
    ]);

  it("are listed with who, why and what to do, without content", async () => {
    refuse(1);
    const id = await gateway.say("zhangsan", "my salary of 12345");
    await eventsUntil(gateway, id, "finished");
    const page = (await get("/dead")).text;
    for (const words of [
      "zhangsan",
      "Every receiver is invalid",
      "visible range",
      "errcode_81013",
      "0 of 1 parts",
    ])
      expect(page).toContain(words);
    expect(page).toContain(`/messages/${encodeURIComponent(id)}`);
    expect(page).not.toContain("12345");
    const chinese = await request(console.url, "/dead", { cookie: `${cookie}; wgw_lang=zh-CN` });
    expect(chinese.text).toContain("所有接收者均无效");
  });

  it("a message is given to the agent again, once, under a new id", async () => {
    const id = await gateway.say("zhangsan", "fail");
    await eventsUntil(gateway, id, "finished");
    const [dead = ""] = await letters();

    const [first, second] = await Promise.all([
      post("/dead/replay", { id: dead }),
      post("/dead/replay", { id: dead }),
    ]);
    expect([first.status, second.status]).toEqual([303, 303]);
    const again = await eventsUntil(gateway, `${id}-replay-1`, "finished");
    expect(again[0]).toMatchObject({ type: "again", of: id, by: USER });
    expect(again.filter(({ type }) => type === "run_started").length).toBe(1);
    expect(await eventsUntil(gateway, id, "replayed")).toContainEqual(
      expect.objectContaining({ type: "replayed", as: [`${id}-replay-1`], by: USER }),
    );
    // It failed again, as the demo agent was asked to, and is a letter of its own.
    const [next = ""] = await letters();
    expect(next).toBe(`dead-${id}-replay-1`);
    await post("/dead/replay", { id: next });
    await eventsUntil(gateway, `${id}-replay-2`, "finished");
    expect(audits()[0]).toMatchObject({ audit: "dead_replay", operator: USER, deadId: dead });
  });

  it("of a reply only the parts that were not delivered are sent, in order", async () => {
    gateway.emulator.setFaults([
      { match: { path: "message/send", nth: 3 }, action: { type: "errcode", errcode: 81013 } },
    ]);
    const id = await gateway.say("zhangsan", "report");
    await eventsUntil(gateway, id, "finished");
    expect(seen("zhangsan").length).toBe(2);
    const [dead = ""] = await letters();
    expect((await get(`/dead/${encodeURIComponent(dead)}`)).text).toMatch(/2 of \d+ parts delivered/);

    await post("/dead/replay", { id: dead });

    const whole = await waitUntil("the whole report is there", async () => {
      const { events } = await gateway.timelines.read(id);
      return events.at(-1)?.type === "finished" && events.at(-1);
    });
    expect(whole).toMatchObject({ status: "sent", replyId: `re-${id}-replay-1` });
    const sections = [
      ...seen("zhangsan")
        .join("\n")
        .matchAll(/^(\d)\. 季度报告/gm),
    ].map(([, n]) => Number(n));
    expect(sections).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await letters()).toEqual([]);
    expect((await get(`/messages/${encodeURIComponent(id)}`)).text).toContain(">delivered<");
  });

  it("several are replayed at once, and it is told of those that cannot be", async () => {
    refuse(2);
    const ids = [await gateway.say("zhangsan", "one"), await gateway.say("lisi", "two")];
    for (const id of ids) await eventsUntil(gateway, id, "finished");
    const [gone = "", good = ""] = await letters();
    await gateway.redis.client().del(createKeys(gateway.redis.prefix).reply(gone.replace("dead-", "")));

    const token = /XSRF-TOKEN=([\w-]+)/.exec(cookie)?.[1] ?? "";
    const body = new URLSearchParams([
      ...[gone, good, "dead-never"].map((id): [string, string] => ["id", id]),
    ]);
    const answer = await fetch(`${console.url}/dead/replay`, {
      ...{
        method: "POST",
        body,
        redirect: "manual",
        headers: { cookie, origin: console.url, "x-xsrf-token": token },
      },
    });
    const { text } = await get(answer.headers.get("location") ?? "");
    for (const words of [
      "1 dead letter replayed.",
      "2 dead letters could not",
      "not stored any more",
      "there no more",
    ])
      expect(text).toContain(words);
    expect(await letters()).toEqual([gone]);
  });

  it("stays where its mailbox is full", async () => {
    const id = await gateway.say("zhangsan", "fail");
    await eventsUntil(gateway, id, "finished");
    const [dead = ""] = await letters();
    const conversation = [gateway.app.corpId, gateway.app.agentId, "zhangsan"].join(":");
    const mailbox = createKeys(gateway.redis.prefix).mailbox(conversation);
    await gateway.redis.client().rpush(mailbox, ...Array.from({ length: MAILBOX_LIMIT }, () => "x"));
    expect((await post("/dead/replay", { id: dead })).headers.get("location")).toContain("kept=full");
    expect(await letters()).toContain(dead);
  });

  it("is dropped only after a second question, for good", async () => {
    const id = await gateway.say("zhangsan", "fail");
    await eventsUntil(gateway, id, "finished");
    const [dead = ""] = await letters();
    const question = await post("/dead/drop", { id: dead });
    expect([question.status, question.text.includes("for good")]).toEqual([200, true]);
    expect(await letters()).toEqual([dead]);

    expect((await post("/dead/drop", { id: dead, confirm: "yes" })).status).toBe(303);
    expect(await letters()).toEqual([]);
    expect(await gateway.redis.client().exists(createKeys(gateway.redis.prefix).deadLetter(dead))).toBe(0);
    await eventsUntil(gateway, id, "dropped");
    expect((await get(`/dead/${encodeURIComponent(dead)}`)).status).toBe(404);
    expect(audits()).toMatchObject([{ audit: "dead_drop", operator: USER, deadId: dead, status: "dropped" }]);
  });

  it.each(["/dead/replay", "/dead/drop"])(
    "%s is refused from another site and without a session",
    async (path) => {
      const id = await gateway.say("zhangsan", "fail");
      await eventsUntil(gateway, id, "finished");
      const [dead = ""] = await letters();
      const form = { id: dead, confirm: "yes" };
      expect((await post(path, form, { origin: "https://evil.example" })).status).toBe(403);
      expect((await post(path, form, { cookie: undefined })).status).toBe(401);
      expect(await letters()).toEqual([dead]);
    },
  );

  it("nothing selected changes nothing and says so", async () => {
    const answer = await post("/dead/replay", {});
    expect((await get(answer.headers.get("location") ?? "")).text).toContain("Nothing was selected");
    expect((await get("/dead")).text).toContain("No dead letters");
  });
});

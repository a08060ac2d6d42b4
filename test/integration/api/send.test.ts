import { createKeys, createOutbox } from "@gateway/conversation";
import { createUserCorpMap } from "@gateway/wecom-client/user-corp-map";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { waitUntil } from "../../support/wait-until.ts";
import { eventsUntil } from "../timeline/harness.ts";
import type { TestApi } from "./harness.ts";
import { startApi, text } from "./harness.ts";

describe("sending through the API", () => {
  let api: TestApi;
  let person: (userId: string) => { user: string };
  beforeAll(async () => {
    api = await startApi();
    const { corpId, agentId } = api.gateway.app;
    person = (userId) => ({ user: `${corpId}/${agentId}/${userId}` });
  });
  afterAll(() => api.stop());
  beforeEach(() => api.gateway.emulator.setFaults([]));

  const until = (id: string, state: string) =>
    waitUntil(`${id} is ${state}`, async () => {
      const { json } = await api.call("GET", `/messages/${id}`);
      return json.state === state && json;
    });

  it("delivers a text like any reply, and tells of it part by part", async () => {
    const answer = await api.send({ to: person("zhangsan"), message: text("the build is green") });
    expect(answer.status).toBe(202);
    expect(answer.json).toEqual({ id: answer.json.id, statusUrl: `/api/v1/messages/${answer.json.id}` });
    const status = await until(answer.json.id, "delivered");
    expect(status.replies).toEqual([
      { id: `re-${answer.json.id}`, kind: "system", parts: [{ index: 0, state: "sent", attempts: 1 }] },
    ]);
    expect(api.seen("zhangsan")).toEqual(["the build is green"]);
    const timeline = await api.call("GET", `/messages/${answer.json.id}/timeline`);
    expect(timeline.json.events.map(({ type }: { type: string }) => type)).toEqual([
      ...["requested", "planned", "send", "finished"],
    ]);
    expect(JSON.stringify([status, timeline.json])).not.toContain("green");
  });

  it("sends it once, however often and at however many places it is asked to with one key", async () => {
    const body = { to: person("lisi"), message: text("once") };
    const answers = await Promise.all(Array.from({ length: 8 }, () => api.send(body, "same-key")));
    const [first] = answers;
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    expect(new Set(answers.map(({ json }) => json.id)).size).toBe(1);
    await until(first?.json.id, "delivered");
    expect((await api.send(body, "same-key")).json.id).toBe(first?.json.id);
    await api.send({ to: person("lisi"), message: text("the last one") }, "another-key");
    await waitUntil("the last one is there", () => api.seen("lisi").includes("the last one"));
    expect(api.seen("lisi")).toEqual(["once", "the last one"]);
  });

  it("refuses a key that belongs to another message, and a message without a key", async () => {
    await api.send({ to: person("lisi"), message: text("one") }, "key-of-one");
    const other = await api.send({ to: person("lisi"), message: text("two") }, "key-of-one");
    expect([other.status, other.json.error]).toEqual([409, "idempotency_key_reused"]);
    const body = JSON.stringify({ to: person("lisi"), message: text("three") });
    const none = await api.call("POST", "/messages", { body });
    expect([none.status, none.json.error]).toEqual([400, "idempotency_key_missing"]);
  });

  it("sends two honest equal messages twice", async () => {
    for (const key of ["equal-1", "equal-2"]) {
      const { json } = await api.send({ to: person("wangwu"), message: text("same words") }, key);
      await until(json.id, "delivered");
    }
    expect(api.seen("wangwu")).toEqual(["same words", "same words"]);
  });

  it.each([
    ["markdown", { markdown: { content: "**bold**" } }],
    ["textcard", { textcard: { title: "t", description: "d", url: "https://example.com" } }],
    ["news", { news: { articles: [{ title: "t", url: "https://example.com" }] } }],
    ["miniprogram_notice", { miniprogram_notice: { appid: "wx1", title: "titled" } }],
    [
      "template_card",
      {
        template_card: {
          card_type: "text_notice",
          main_title: { title: "t" },
          card_action: { type: 1, url: "https://example.com" },
        },
      },
    ],
  ])("sends %s", async (msgtype, fields) => {
    const { status, json } = await api.send({ to: person("sunqi"), message: { msgtype, ...fields } });
    expect([status, json.error]).toEqual([202, undefined]);
    await until(json.id, "delivered");
  });

  it.each([
    ["no such field", { to: { usr: "x" }, message: text("x") }],
    ["two receivers", { to: { user: "x", all: true }, message: text("x") }],
    ["nobody", { message: text("x") }],
    ["no message", { to: { all: true } }],
    ["an unknown kind", { to: { all: true }, message: { msgtype: "fax" } }],
    ["more text than thirty messages hold", { to: { all: true }, message: text("字".repeat(20_001)) }],
    ["a long text of blanks", { to: { all: true }, message: text(" ".repeat(3000)) }],
    ["an empty text", { to: { all: true }, message: text("") }],
    ["a departed path", { to: { user: "ww1/2/3/4" }, message: text("x") }],
    [
      "a mini program notice to everybody",
      {
        to: { all: true },
        message: { msgtype: "miniprogram_notice", miniprogram_notice: { appid: "wx1", title: "titled" } },
      },
    ],
    ["several people in one id", { to: { user: "CORP/AGENT/a|b" }, message: text("x") }],
    ["everybody as a user", { to: { user: "CORP/AGENT/@all" }, message: text("x") }],
  ])("refuses %s with what to do", async (_what, body) => {
    const { corpId, agentId } = api.gateway.app;
    const named = JSON.parse(JSON.stringify(body).replace("CORP/AGENT", `${corpId}/${agentId}`));
    const answer = await api.send(named);
    expect([answer.status, typeof answer.json.hint]).toEqual([422, "string"]);
  });

  describe("to a user id alone", () => {
    const record = (userId: string, corpId: string, agentId: string, atMs: number) =>
      createUserCorpMap({ redis: api.gateway.redis.client(), prefix: api.gateway.redis.prefix }).record({
        ...{ userId, corpId, agentId, atMs },
      });

    it("finds the app that the person wrote to", async () => {
      const id = await api.gateway.say("zhouba", "/whoami");
      await eventsUntil(api.gateway, id, "finished");
      await waitUntil("the person is known", async () => {
        const answer = await api.send({ to: { user: "zhouba" }, message: text("found you") }, "zhouba");
        return answer.status === 202;
      });
      await waitUntil("it is there", () => api.seen("zhouba").includes("found you"));
    });

    it("says what to do about one that nobody knows", async () => {
      const answer = await api.send({ to: { user: "nobody" }, message: text("x") });
      expect([answer.status, answer.json.error]).toEqual([404, "user_unknown"]);
    });

    it("never guesses among several corps", async () => {
      const { corpId, agentId } = api.gateway.app;
      await record("twice", corpId, agentId, 1);
      await record("twice", "wwother0000000000", "7", 2);
      const answer = await api.send({ to: { user: "twice" }, message: text("x") });
      expect([answer.status, answer.json.error]).toEqual([409, "user_ambiguous"]);
      expect(answer.json.choices).toEqual(["wwother0000000000/7/twice", `${corpId}/${agentId}/twice`]);
    });

    it("refuses an app that is not configured, with the choices", async () => {
      const { corpId, agentId } = api.gateway.app;
      const answer = await api.send({ to: { user: "ww1/2/zhangsan" }, message: text("x") });
      expect([answer.status, answer.json.error]).toEqual([404, "app_unknown"]);
      expect(answer.json.choices).toEqual([`${corpId}/${agentId}`]);
    });
  });

  it.each([
    ["text", (content: string) => ({ msgtype: "text", text: { content } })],
    ["markdown", (content: string) => ({ msgtype: "markdown", markdown: { content } })],
  ])("splits a long %s instead of having it cut", async (_kind, message) => {
    const long = Array.from({ length: 60 }, (_, n) => `${n} ${"企业微信消息".repeat(16)}`).join("\n");
    const user = `long-${_kind}`;
    const { status, json } = await api.send({ to: person(user), message: message(long) });
    expect([status, json.error]).toEqual([202, undefined]);
    await until(json.id, "delivered");
    const shown = api.gateway.emulator
      .seen({ app: api.gateway.app.name, user })
      .map(({ content, cuts }) => [
        content.kind === _kind && "text" in content ? content.text : "",
        cuts.length,
      ]);
    expect(shown.length).toBeGreaterThan(8);
    expect(shown.map(([part]) => part).join("\n")).toBe(long);
    expect(shown.every(([, cuts]) => cuts === 0)).toBe(true);
  });

  it.each([
    ["a department", { party: ["1"] }, [["@party:1", { toparty: "1" }]]],
    [
      "tags",
      { tag: ["1", "2", "1"], app: "default" },
      [
        ["@tag:1", { totag: "1" }],
        ["@tag:2", { totag: "2" }],
      ],
    ],
    ["everybody", { all: true }, [["@all", { touser: "@all" }]]],
  ] as const)("sends to %s, each in an outbox of its own", async (_whom, to, targets) => {
    const { status, json } = await api.send({ to, message: text("hear, hear") });
    expect([status, json.error]).toEqual([202, undefined]);
    const { redis } = api.gateway;
    const outbox = createOutbox({ redis: redis.client(), keys: createKeys(redis.prefix), now: Date.now });
    const { corpId, agentId } = api.gateway.app;
    for (const [index, [name, receivers]] of targets.entries()) {
      const plan = await outbox.read(index === 0 ? `re-${json.id}` : `re-${json.id}-${index + 1}`);
      expect(plan?.conversation).toBe(`${corpId}:${agentId}:${encodeURIComponent(name)}`);
      expect(JSON.parse(plan?.chunks[0]?.body ?? "")).toMatchObject(receivers);
    }
    await eventsUntil(api.gateway, json.id, "finished");
  });

  it("delivers to the other departments when one does not exist, and sets that one aside", async () => {
    const { corpId } = api.gateway.app;
    api.gateway.emulator.setGroup({ kind: "party", corpId, id: "7", userIds: ["of-seven"] });
    const { json } = await api.send({ to: { party: ["404", "7"] }, message: text("to whom it concerns") });
    const status = await until(json.id, "dead");
    const states = status.replies.map(({ parts }: { parts: { state: string; code?: string }[] }) => parts[0]);
    expect(states[0]).toMatchObject({ state: "failed" });
    await waitUntil("the other department has it", () =>
      api.seen("of-seven").includes("to whom it concerns"),
    );
  });

  it("tells why a message was not delivered and hands it in again when asked to", async () => {
    api.gateway.emulator.setFaults([
      { match: { path: "message/send", user: "zhengjiu" }, action: { type: "errcode", errcode: 81013 } },
    ]);
    const { json } = await api.send({ to: person("zhengjiu"), message: text("try me") });
    const status = await until(json.id, "dead");
    expect(status.replies[0].parts[0]).toMatchObject({ state: "failed", code: "errcode_81013" });
    expect(status.replies[0].parts[0].remedy).toContain("visible range");
    const { json: dead } = await api.call("GET", "/dead-letters");
    expect(dead.deadLetters[0]).toMatchObject({ what: "reply", messageIds: [json.id] });

    const path = `/dead-letters/${encodeURIComponent(dead.deadLetters[0].id)}/replay`;
    expect((await api.call("POST", path)).json.replayedAs).toEqual([`re-${json.id}-replay-1`]);
    await until(json.id, "delivered");
    expect(api.seen("zhengjiu")).toEqual(["try me"]);
    expect((await api.call("POST", path)).status).toBe(404);
  });

  it("knows nothing of an id that never was", async () => {
    expect((await api.call("GET", "/messages/api-0")).json.error).toBe("message_unknown");
    expect((await api.call("GET", "/messages/api-0/timeline")).status).toBe(404);
  });
});

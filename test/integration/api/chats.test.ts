import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { waitUntil } from "../../support/wait-until.ts";
import { openSession, request } from "../console/harness.ts";
import type { TestApi } from "./harness.ts";
import { startApi, text } from "./harness.ts";

// Retires the risk that a group is made twice, or that a message to one is shown twice because its answer was lost.

describe("groups of an app", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  const create = (key: string, users = ["anna", "bert", "carl"]) =>
    api.call("POST", "/chats", {
      body: JSON.stringify({ name: "值班群", owner: "anna", users }),
      headers: { "idempotency-key": key },
    });
  const until = (id: string, state: string) =>
    waitUntil(`${id} is ${state}`, async () => {
      const { json } = await api.call("GET", `/messages/${id}`);
      return json.state === state && json;
    });

  it("are created once for a key, and can be read", async () => {
    const first = await create("team");
    expect([first.status, first.json.error]).toEqual([201, undefined]);
    expect((await create("team")).json).toEqual(first.json);
    const { json } = await api.call("GET", `/chats/${first.json.id}`);
    expect(json).toEqual({
      id: first.json.id,
      name: "值班群",
      owner: "anna",
      users: ["anna", "bert", "carl"],
    });
    expect(api.gateway.emulator.calls({ path: "appchat/create" })).toHaveLength(2);
    const cookie = await openSession(api.console.url);
    const audit = () => request(api.console.url, "/audit", { cookie, headers: { "accept-language": "en" } });
    await waitUntil("the audit page tells it", async () => {
      const { text: page } = await audit();
      return page.includes("created a group") && page.includes(first.json.id);
    });
  });

  it("refuse what WeCom refuses, in words", async () => {
    const alone = await create("alone", ["anna"]);
    expect([alone.status, alone.json.error]).toEqual([422, "request_invalid"]);
    const unknown = await api.call("GET", "/chats/nosuchgroup");
    expect([unknown.status, unknown.json.error]).toEqual([422, "errcode_86003"]);
    expect(unknown.json.hint).toMatch(/chat/);
  });

  it("get messages in order through an outbox of their own, a long one in several", async () => {
    const { json: chat } = await create("orders");
    const to = { chat: chat.id };
    const long = Array.from({ length: 60 }, (_, n) => `${n} ${"企业微信消息".repeat(8)}`).join("\n");
    const [first, second] = [
      await api.send({ to, message: text(long) }),
      await api.send({ to, message: { msgtype: "markdown", markdown: { content: "**done**" } } }),
    ];
    await until(first.json.id, "delivered");
    await until(second.json.id, "delivered");
    const seen = api.seen("bert");
    expect(seen.slice(0, -1).join("\n")).toBe(long);
    expect(seen.at(-1)).toBe("markdown");
    const timeline = await api.call("GET", `/messages/${second.json.id}/timeline`);
    expect(timeline.json.events.map(({ type }: { type: string }) => type)).toEqual([
      ...["requested", "planned", "send", "finished"],
    ]);
  });

  it("get no cards", async () => {
    const { json: chat } = await create("no-cards");
    const template_card = {
      card_type: "text_notice",
      main_title: { title: "t" },
      card_action: { type: 1, url: "https://example.com" },
    };
    const answer = await api.send({
      to: { chat: chat.id },
      message: { msgtype: "template_card", template_card },
    });
    expect([answer.status, answer.json.error]).toEqual([422, "message_invalid"]);
  });

  it("see nothing twice: where the answer was lost, an operator decides", async () => {
    const { json: chat } = await create("lost", ["dora", "emil"]);
    api.gateway.emulator.setFaults([
      { match: { path: "appchat/send" }, times: 1, action: { type: "reset_after" } },
    ]);
    const { json } = await api.send({ to: { chat: chat.id }, message: text("perhaps") });
    const status = await until(json.id, "dead");
    expect(status.code).toBe("outcome_unknown");
    expect(api.seen("dora")).toEqual(["perhaps"]);
  });
});

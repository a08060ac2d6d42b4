import type { WecomClient } from "@gateway/wecom-client";
import { encodeMessage } from "@gateway/wecom-client";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { FakeWecom } from "./fake-wecom.ts";
import { app, expired, startClient, TOKEN, tokenOf } from "./test-client.ts";

let wecom: FakeWecom;
let client: WecomClient;
let stop: () => Promise<void>;

beforeEach(async () => {
  ({ wecom, client, stop } = await startClient());
});
afterEach(() => stop());

describe("sendMessage", () => {
  it("sends the bytes of encodeMessage and reads the answer", async () => {
    wecom.on("message/send", () => ({ errcode: 0, errmsg: "ok", msgid: "m-1", response_code: "r-1" }));
    const request = { to: { users: ["00123"] }, msgtype: "text", text: { content: "你好 👋" } } as const;
    expect(await client.sendMessage(request)).toEqual({
      msgId: "m-1",
      responseCode: "r-1",
      invalidUsers: [],
      invalidParties: [],
      invalidTags: [],
      unlicensedUsers: [],
    });
    const [sent] = wecom.calls("message/send");
    expect(sent?.body.toString("utf8")).toBe(encodeMessage(app, request));
    expect(sent?.headers["content-type"]).toContain("application/json");
  });

  it("names the receivers that were not reached as the caller wrote them, not in WeCom's lower case", async () => {
    wecom.on("message/send", () => ({
      errcode: 0,
      msgid: "m",
      invaliduser: "zhangsan|unasked",
      invalidparty: "3|4",
      invalidtag: "",
      unlicenseduser: "lisi",
    }));
    const to = { users: ["ZhangSan", "LiSi", "ok"], parties: ["3", "4"] };
    const result = await client.sendMessage({ to, msgtype: "text", text: { content: "x" } });
    expect(result).toMatchObject({
      invalidUsers: ["ZhangSan", "unasked"],
      invalidParties: ["3", "4"],
      invalidTags: [],
      unlicensedUsers: ["LiSi"],
    });
  });

  it("sends the identical bytes again, once, when the token had expired", async () => {
    wecom.on("message/send", (request) =>
      expired(request) ? { errcode: 42001 } : { errcode: 0, msgid: "m" },
    );
    const json = encodeMessage(app, {
      to: { users: ["a"] },
      msgtype: "markdown",
      markdown: { content: "**x**" },
    });
    await client.sendMessageBytes(json);
    const sent = wecom.calls("message/send");
    expect(sent.map((request) => request.body.toString())).toEqual([json, json]);
    expect(sent.map(tokenOf)).toEqual([`${TOKEN}-1`, `${TOKEN}-2`]);
  });

  it("calls nobody for text that WeCom would cut, or for another app's message", async () => {
    const long = JSON.stringify({
      touser: "a",
      agentid: 1000002,
      msgtype: "text",
      text: { content: "x".repeat(2049) },
    });
    await expect(client.sendMessageBytes(long)).rejects.toMatchObject({
      kind: "content",
      code: "content_too_long",
    });
    const foreign = encodeMessage(
      { ...app, agentId: "7" },
      { to: { users: ["a"] }, msgtype: "text", text: { content: "x" } },
    );
    await expect(client.sendMessageBytes(foreign)).rejects.toMatchObject({ code: "wrong_app" });
    expect(wecom.requests).toHaveLength(0);
  });
});

describe("recall and card updates", () => {
  it("recalls by message id", async () => {
    wecom.on("message/recall", () => ({ errcode: 0 }));
    await client.recallMessage("m-1");
    expect(JSON.parse(String(wecom.calls("message/recall")[0]?.body))).toEqual({ msgid: "m-1" });
  });

  it("updates a card's buttons with arrays of receivers", async () => {
    wecom.on("message/update_template_card", () => ({ errcode: 0 }));
    await client.updateTemplateCard({
      userIds: ["a", "b"],
      responseCode: "r",
      change: { buttonText: "已同意" },
    });
    expect(JSON.parse(String(wecom.calls("message/update_template_card")[0]?.body))).toEqual({
      userids: ["a", "b"],
      agentid: 1000002,
      response_code: "r",
      button: { replace_name: "已同意" },
    });
  });
});

describe("what WeCom knows", () => {
  it("reads the app", async () => {
    wecom.on("agent/get", () => ({
      errcode: 0,
      agentid: 1000002,
      name: "助手",
      close: 1,
      allow_userinfos: { user: [{ userid: "a" }, { userid: "b" }] },
      allow_partys: { partyid: [1, 2] },
    }));
    expect(await client.getAgent()).toEqual({
      agentId: "1000002",
      name: "助手",
      description: "",
      isClosed: true,
      homeUrl: "",
      redirectDomain: "",
      allowedUserIds: ["a", "b"],
      allowedPartyIds: ["1", "2"],
      allowedTagIds: [],
    });
  });

  it("reads a member with no more than new apps get", async () => {
    wecom.on("user/get", () => ({
      errcode: 0,
      userid: "ZhangSan",
      name: "张三",
      department: [1, 5],
      status: 1,
    }));
    expect(await client.getUser("zhangsan")).toMatchObject({
      userId: "ZhangSan",
      departmentIds: ["1", "5"],
      status: 1,
    });
    wecom.on("user/get", () => ({ errcode: 60111, errmsg: "userid not found" }));
    await expect(client.getUser("x")).rejects.toMatchObject({ kind: "recipient", errcode: 60111 });
  });

  it("reads the address lists", async () => {
    wecom.on("getcallbackip", () => ({ ip_list: ["101.226.103.*", "203.0.113.7"], errcode: 0 }));
    wecom.on("get_api_domain_ip", () => ({ ip_list: ["203.0.113.8"] }));
    expect(await client.getCallbackIps()).toEqual(["101.226.103.*", "203.0.113.7"]);
    expect(await client.getApiDomainIps()).toEqual(["203.0.113.8"]);
    wecom.on("getcallbackip", () => ({ ip_list: "all" }));
    await expect(client.getCallbackIps()).rejects.toMatchObject({ code: "answer_unexpected" });
  });
});

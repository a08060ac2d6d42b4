import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Running } from "./harness.ts";
import { APP, SIBLING, startEmulator } from "./harness.ts";

let wecom: Running;
beforeEach(async () => {
  wecom = await startEmulator();
});
afterEach(() => wecom.emulator.close());

const seenTexts = (user = "zhangsan", app = APP.name) =>
  wecom.emulator.seen({ app, user }).map(({ content }) => ("text" in content ? content.text : content.kind));

describe("who gets a message", () => {
  it("reaches members whatever the case of their id, and one app's members only", async () => {
    await wecom.emulator
      .push({ app: APP.name, user: "ZhangSan", content: { type: "enter_agent" } })
      .catch(() => undefined);
    const answer = await wecom.send("hello", { touser: "zhangsan|lisi" });
    expect(answer).toMatchObject({ errcode: 0, errmsg: "ok", invaliduser: "", msgid: expect.any(String) });
    expect(seenTexts("ZHANGSAN")).toEqual(["hello"]);
    expect(seenTexts("lisi")).toEqual(["hello"]);
    expect(seenTexts("lisi", SIBLING.name)).toEqual([]);
  });

  it("lists invalid receivers in lower case beside a success", async () => {
    wecom.emulator.setUser({ corpId: APP.corpId, userId: "Outside", state: "outside" });
    wecom.emulator.setUser({ corpId: APP.corpId, userId: "NoLicence", state: "unlicensed" });
    const answer = await wecom.send("hello", {
      touser: "zhangsan|Outside|NoLicence|no such id",
      toparty: "77",
      totag: "Tag",
    });
    expect(answer).toMatchObject({
      errcode: 0,
      invaliduser: "outside|no such id",
      unlicenseduser: "nolicence",
      invalidparty: "77",
      invalidtag: "Tag",
    });
  });

  it("is 81013 when nobody is left, and nothing is sent", async () => {
    wecom.emulator.setUser({ corpId: APP.corpId, userId: "gone", state: "missing" });
    expect((await wecom.send("hello", { touser: "gone" })).errcode).toBe(81013);
    expect(wecom.emulator.sent()).toHaveLength(0);
  });

  it("goes to departments, tags and everybody, each person once", async () => {
    wecom.emulator.setUser({ corpId: APP.corpId, userId: "a" });
    wecom.emulator.setUser({ corpId: APP.corpId, userId: "b" });
    wecom.emulator.setGroup({ kind: "tag", corpId: APP.corpId, id: "5", userIds: ["b"] });
    await wecom.send("tag", { touser: "b", totag: "5" });
    await wecom.send("all", { touser: "@all", totag: "nonsense" });
    expect(seenTexts("b")).toEqual(["tag", "all"]);
    expect(seenTexts("a")).toEqual(["all"]);
  });

  it.each([
    [{ touser: "" }, 82001],
    [{ touser: Array(1001).fill("u").join("|") }, 40032],
    [{ toparty: Array(101).fill("1").join("|") }, 82002],
    [{ totag: Array(101).fill("1").join("|") }, 82003],
    [{ agentid: undefined }, 41011],
    [{ agentid: "helper" }, 40056],
    [{ agentid: 999 }, 40056],
    [{ agentid: Number(SIBLING.agentId) }, 301002],
    [{ msgtype: "markdown_v2" }, 40008],
    [{ msgtype: undefined }, 40008],
    [{ text: {} }, 44004],
    [{ text: { content: "bell \u0007" } }, 40033],
    [{ text: { content: "half \ud83d" } }, 40033],
    [{ text: { content: 5 } }, 40058],
    [{ msgtype: "image", image: { media_id: "none" } }, 40007],
  ])("answers %j with %i", async (overrides, errcode) => {
    expect((await wecom.send("x", overrides)).errcode).toBe(errcode);
    expect(wecom.emulator.sent()).toHaveLength(0);
  });

  it("answers 40058 to a body that is no JSON object, and to GET", async () => {
    const access_token = await wecom.token();
    expect((await wecom.post("message/send", "{not json", { access_token })).errcode).toBe(40058);
    expect((await wecom.post("message/send", "[]", { access_token })).errcode).toBe(40058);
    expect((await wecom.get("message/send", { access_token })).errcode).toBe(40058);
  });
});

describe("what WeCom does without saying so", () => {
  it.each(["text", "markdown"])(
    "cuts %s at 2048 bytes, between code points, and answers success",
    async (msgtype) => {
      const content = `${"汉".repeat(682)}字尾`;
      const answer = await wecom.send("", { msgtype, [msgtype]: { content } });
      expect(answer.errcode).toBe(0);
      expect(seenTexts()).toEqual(["汉".repeat(682)]);
      expect(wecom.emulator.sent()[0]?.cuts).toEqual([{ field: "content", bytes: 2052, keptBytes: 2046 }]);
    },
  );

  it("leaves 2048 bytes whole", async () => {
    await wecom.send("x".repeat(2048));
    expect(seenTexts()).toEqual(["x".repeat(2048)]);
    expect(wecom.emulator.sent()[0]?.cuts).toEqual([]);
  });

  it("drops the 31st message of a minute to a member and answers success", async () => {
    for (let index = 1; index <= 31; index += 1) expect((await wecom.send(`${index}`)).errcode).toBe(0);
    expect(seenTexts()).toEqual(Array.from({ length: 30 }, (_, index) => `${index + 1}`));
    expect(wecom.emulator.sent().at(-1)?.receivers).toEqual([
      { userId: "zhangsan", status: "dropped_minute_limit" },
    ]);
    expect((await wecom.send("other", { touser: "lisi" })).errcode).toBe(0);
    expect(seenTexts("lisi")).toEqual(["other"]);
    wecom.emulator.advanceClock(60_000);
    await wecom.send("later");
    expect(seenTexts().at(-1)).toBe("later");
  });

  it("drops the 1001st of an hour", async () => {
    await wecom.emulator.close();
    wecom = await startEmulator({ rules: { memberPerHour: 40 } });
    for (let index = 1; index <= 41; index += 1) {
      wecom.emulator.advanceClock(2000);
      await wecom.send(`${index}`);
    }
    expect(seenTexts()).toHaveLength(40);
    expect(wecom.emulator.sent().at(-1)?.receivers[0]?.status).toBe("dropped_hour_limit");
  });

  it("swallows the same bytes within the interval when the duplicate check is on", async () => {
    const check = { enable_duplicate_check: 1, duplicate_check_interval: 60 };
    const first = await wecom.send("same", check);
    const second = await wecom.send("same", check);
    expect(second).toMatchObject({ errcode: 0, msgid: first.msgid });
    await wecom.send("same ", check);
    expect(seenTexts()).toEqual(["same", "same "]);
    expect(wecom.emulator.sent()[1]).toMatchObject({ duplicateOf: first.msgid });
    wecom.emulator.advanceClock(60_000);
    await wecom.send("same", check);
    expect(seenTexts()).toEqual(["same", "same ", "same"]);
  });

  it("checks for duplicates for 30 minutes by default, and never without being asked", async () => {
    await wecom.send("twice");
    await wecom.send("twice");
    expect(seenTexts()).toEqual(["twice", "twice"]);
    await wecom.send("once", { enable_duplicate_check: 1 });
    wecom.emulator.advanceClock(1_799_999);
    await wecom.send("once", { enable_duplicate_check: 1 });
    expect(seenTexts()).toEqual(["twice", "twice", "once"]);
    wecom.emulator.advanceClock(1);
    await wecom.send("once", { enable_duplicate_check: 1 });
    expect(seenTexts()).toEqual(["twice", "twice", "once", "once"]);
  });

  it("is 45009 beyond the app's person-times of a day", async () => {
    await wecom.emulator.close();
    wecom = await startEmulator({ rules: { accounts: 1 } });
    const everyone = Array.from({ length: 150 }, (_, index) => `u${index}`).join("|");
    expect((await wecom.send("first", { touser: everyone })).errcode).toBe(0);
    expect((await wecom.send("second", { touser: everyone })).errcode).toBe(45009);
    wecom.emulator.advanceClock(86_400_000);
    expect((await wecom.send("tomorrow", { touser: everyone })).errcode).toBe(0);
  });
});

describe("recall", () => {
  const recall = async (msgid: unknown, app = APP) =>
    wecom.post("message/recall", { msgid }, { access_token: await wecom.token(app) });

  it("takes a message back within 24 hours, by the app that sent it", async () => {
    const { msgid } = await wecom.send("oops");
    expect((await recall(msgid, SIBLING)).errcode).toBe(40058);
    expect((await recall("no-such-message")).errcode).toBe(40058);
    expect(seenTexts()).toEqual(["oops"]);
    expect((await recall(msgid)).errcode).toBe(0);
    expect(seenTexts()).toEqual([]);
    expect(wecom.emulator.chat({ app: APP.name, user: "zhangsan" })).toMatchObject([
      { recalledAtMs: expect.any(Number) },
    ]);
  });

  it("is 42052 after 24 hours", async () => {
    const { msgid } = await wecom.send("too late");
    wecom.emulator.advanceClock(86_400_001);
    expect((await recall(msgid)).errcode).toBe(42052);
  });
});

describe("messages with several parts", () => {
  const news = (articles: unknown, more = {}) =>
    wecom.send("", { msgtype: "news", news: { articles }, ...more });
  const article = { title: "t", url: "https://n.example" };

  it("takes textcards and cuts what is too long", async () => {
    const textcard = { title: "题".repeat(60), description: "d", url: "https://c.example" };
    expect((await wecom.send("", { msgtype: "textcard", textcard })).errcode).toBe(0);
    expect(wecom.emulator.sent()[0]?.content).toMatchObject({ title: "题".repeat(42), button: "详情" });
  });

  it.each([
    [{ description: "d", url: "https://c.example" }, 41016],
    [{ title: "t", url: "https://c.example" }, 41033],
    [{ title: "t", description: "d", url: "c.example" }, 40094],
    [{ title: "t", description: "d", url: `https://c.example/${"x".repeat(2048)}` }, 40039],
  ])("answers textcard %# with %i", async (textcard, errcode) => {
    expect((await wecom.send("", { msgtype: "textcard", textcard })).errcode).toBe(errcode);
  });

  it("takes one to eight articles, never as safe", async () => {
    expect((await news([article])).errcode).toBe(0);
    expect((await news([])).errcode).toBe(45008);
    expect((await news(Array(9).fill(article))).errcode).toBe(45008);
    expect((await news([article], { safe: 1 })).errcode).toBe(40074);
  });
});

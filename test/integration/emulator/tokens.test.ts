import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Running } from "./harness.ts";
import { APP, SIBLING, STRANGER, startEmulator } from "./harness.ts";

let wecom: Running;
beforeEach(async () => {
  wecom = await startEmulator({ rules: { badSecretsPerHour: 5, apiPerMinute: 3 } });
});
afterEach(() => wecom.emulator.close());

const gettoken = (corpid: string, corpsecret: string) => wecom.get("gettoken", { corpid, corpsecret });
const use = (access_token: string) => wecom.get("getcallbackip", { access_token });

describe("gettoken", () => {
  it("gives the same token while it lives, and another one to every app", async () => {
    const first = await gettoken(APP.corpId, APP.corpSecret);
    expect(first).toMatchObject({ errcode: 0, errmsg: "ok", expires_in: 7200 });
    wecom.emulator.advanceClock(60_000);
    expect(await gettoken(APP.corpId, APP.corpSecret)).toMatchObject({
      access_token: first.access_token,
      expires_in: 7140,
    });
    expect(await wecom.token(SIBLING)).not.toBe(first.access_token);
  });

  it.each([
    [{}, 41004],
    [{ corpid: APP.corpId }, 41004],
    [{ corpid: "wwnobody", corpsecret: "x" }, 40013],
    [{ corpid: APP.corpId, corpsecret: "wrong" }, 40001],
    [{ corpid: APP.corpId, corpsecret: STRANGER.corpSecret }, 40001],
  ])("%j answers %i with HTTP 200 and a hint", async (query, errcode) => {
    const answer = await wecom.get("gettoken", query as Record<string, string>);
    expect(answer.errcode).toBe(errcode);
    expect(answer.errmsg).toMatch(/hint: \[\d+_\w+\], from ip: 127\.0\.0\.1, more info at .+e=\d+/);
  });

  it("bans an address for an hour after too many wrong secrets, also for the right one", async () => {
    for (let call = 0; call < 5; call += 1) expect((await gettoken(APP.corpId, "wrong")).errcode).toBe(40001);
    expect((await gettoken(APP.corpId, APP.corpSecret)).errcode).toBe(45009);
    wecom.emulator.advanceClock(3_600_000);
    expect((await gettoken(APP.corpId, APP.corpSecret)).errcode).toBe(0);
  });

  it("refuses an app that was stopped", async () => {
    const token = await wecom.token();
    wecom.emulator.changeApp(APP.name, { stopped: true });
    expect((await use(token)).errcode).toBe(50003);
    expect((await gettoken(APP.corpId, APP.corpSecret)).errcode).toBe(40001);
  });
});

describe("a token in a call", () => {
  it("is looked for in the query only", async () => {
    expect((await wecom.get("getcallbackip")).errcode).toBe(41001);
    const token = await wecom.token();
    const url = `${wecom.url}/cgi-bin/getcallbackip`;
    const inHeader = await fetch(url, { headers: { authorization: `Bearer ${token}`, access_token: token } });
    expect(await inHeader.json()).toMatchObject({ errcode: 41001 });
  });

  it("is 40014 when nobody issued it or it was revoked, 42001 when its time is over", async () => {
    expect((await use("made-up")).errcode).toBe(40014);
    const revoked = await wecom.token();
    expect(wecom.emulator.revokeTokens(APP.name)).toBe(1);
    expect((await use(revoked)).errcode).toBe(40014);
    const renewed = await wecom.token();
    expect(renewed).not.toBe(revoked);
    expect((await use(renewed)).errcode).toBe(0);
    wecom.emulator.advanceClock(7_200_000);
    expect((await use(renewed)).errcode).toBe(42001);
    const third = await wecom.token();
    expect(wecom.emulator.expireTokens()).toBe(1);
    expect((await use(third)).errcode).toBe(42001);
  });

  it("is 60020 from an address that is not trusted, although gettoken worked", async () => {
    wecom.emulator.changeApp(APP.name, { trustedIps: ["10.1.2.3"] });
    const token = await wecom.token();
    const answer = await use(token);
    expect(answer.errcode).toBe(60020);
    expect(answer.errmsg).toContain("from ip: 127.0.0.1");
    wecom.emulator.changeApp(APP.name, { trustedIps: ["127.0.0.1"] });
    expect((await use(token)).errcode).toBe(0);
  });

  it("is 45009 beyond the calls that a corp may make of one API, for as long as the block lasts", async () => {
    const token = await wecom.token();
    const codes = [];
    for (let call = 0; call < 4; call += 1) codes.push((await use(token)).errcode);
    expect(codes).toEqual([0, 0, 0, 45009]);
    expect((await wecom.get("get_api_domain_ip", { access_token: token })).errcode).toBe(0);
    wecom.emulator.advanceClock(60_000);
    expect((await use(token)).errcode).toBe(0);
  });
});

describe("the shape of answers", () => {
  it("repeats code and message in headers", async () => {
    const response = await fetch(`${wecom.url}/cgi-bin/getcallbackip`);
    expect(response.status).toBe(200);
    expect(response.headers.get("error-code")).toBe("41001");
    expect(response.headers.get("error-msg")).toContain("access_token missing");
  });

  it("is 404 for a path that does not exist", async () => {
    const response = await fetch(`${wecom.url}/cgi-bin/message/sent?access_token=x`);
    expect(response.status).toBe(404);
  });

  it("counts calls exactly and keeps no secret in the list", async () => {
    await wecom.token();
    await wecom.token();
    expect(wecom.emulator.callCounts().gettoken).toBe(2);
    expect(JSON.stringify(wecom.emulator.calls())).not.toContain(APP.corpSecret);
  });
});

describe("looking up", () => {
  it("agent/get shows the token's own app only", async () => {
    const access_token = await wecom.token();
    expect(await wecom.get("agent/get", { access_token, agentid: APP.agentId })).toMatchObject({
      errcode: 0,
      agentid: 1000002,
      close: 0,
    });
    expect((await wecom.get("agent/get", { access_token, agentid: SIBLING.agentId })).errcode).toBe(301002);
    expect((await wecom.get("agent/get", { access_token, agentid: "7" })).errcode).toBe(40056);
  });

  it("user/get ignores case, keeps leading zeros and knows who may be seen", async () => {
    const access_token = await wecom.token();
    wecom.emulator.setUser({ corpId: APP.corpId, userId: "ZhangSan", name: "张三" });
    wecom.emulator.setUser({ corpId: APP.corpId, userId: "gone", state: "missing" });
    const get = (userid: string) => wecom.get("user/get", { access_token, userid });
    expect(await get("zhangsan")).toMatchObject({ errcode: 0, userid: "ZhangSan", name: "张三" });
    wecom.emulator.advanceClock(60_000);
    expect(await get("00123")).toMatchObject({ userid: "00123" });
    expect((await get("gone")).errcode).toBe(60111);
  });
});

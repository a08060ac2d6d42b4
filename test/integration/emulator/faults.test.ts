import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { waitUntil } from "../../support/wait-until.ts";
import type { Running } from "./harness.ts";
import { APP, startEmulator } from "./harness.ts";

let wecom: Running;
beforeEach(async () => {
  wecom = await startEmulator();
});
afterEach(() => wecom.emulator.close());

const SEND = { path: "message/send" };
const delivered = (user = "zhangsan") => wecom.emulator.seen({ app: APP.name, user }).length;
const failureCode = (promise: Promise<unknown>) =>
  promise.then(
    () => "answered",
    (error) => (error as { cause?: { code?: string } }).cause?.code ?? String(error),
  );

async function rawSend(signal?: AbortSignal): Promise<Response> {
  const body = JSON.stringify({
    touser: "zhangsan",
    msgtype: "text",
    agentid: 1000002,
    text: { content: "hello" },
  });
  const url = `${wecom.url}/cgi-bin/message/send?access_token=${await wecom.token()}`;
  return fetch(url, { method: "POST", body, ...(signal === undefined ? {} : { signal }) });
}

describe("scripted faults", () => {
  it("answer an errcode as often as asked, with or without delivery", async () => {
    wecom.emulator.setFaults([
      { match: SEND, times: 2, action: { type: "errcode", errcode: -1 } },
      { match: SEND, action: { type: "errcode", errcode: -1, deliver: true } },
    ]);
    const codes = [];
    for (let call = 0; call < 4; call += 1) codes.push((await wecom.send("x")).errcode);
    expect(codes).toEqual([-1, -1, -1, 0]);
    expect(delivered()).toBe(2);
  });

  it("answer 42001 for ever, whatever token is fetched", async () => {
    wecom.emulator.setFaults([{ match: SEND, times: "always", action: { type: "errcode", errcode: 42001 } }]);
    for (let call = 0; call < 10; call += 1) {
      wecom.emulator.revokeTokens();
      expect((await wecom.send("x")).errcode).toBe(42001);
    }
    expect(delivered()).toBe(0);
  });

  it("answer another status with an HTML page", async () => {
    wecom.emulator.setFaults([{ match: SEND, action: { type: "http", status: 502, html: "<h1>Bad</h1>" } }]);
    const response = await rawSend();
    expect([response.status, await response.text()]).toEqual([502, "<h1>Bad</h1>"]);
    expect(response.headers.get("content-type")).toContain("text/html");
    expect(delivered()).toBe(0);
  });

  it("reset the connection before or after the message went out", async () => {
    wecom.emulator.setFaults([{ match: SEND, action: { type: "reset_before" } }]);
    expect(await failureCode(rawSend())).toBe("ECONNRESET");
    expect(delivered()).toBe(0);
    wecom.emulator.setFaults([{ match: SEND, action: { type: "reset_after" } }]);
    expect(await failureCode(rawSend())).toBe("ECONNRESET");
    expect(delivered()).toBe(1);
    expect(wecom.emulator.sent()[0]?.fault).toBe("reset_after");
  });

  it.each([true, false])("never answer, delivered: %s", async (deliver) => {
    wecom.emulator.setFaults([{ match: SEND, action: { type: "hang", deliver } }]);
    const waiting = new AbortController();
    const answer = failureCode(rawSend(waiting.signal));
    await waitUntil("the fault took the call", () => wecom.emulator.faults()[0]?.applied === 1);
    waiting.abort();
    expect(await answer).not.toBe("answered");
    expect(delivered()).toBe(deliver ? 1 : 0);
  });

  it("truncate the JSON of a message that went out", async () => {
    wecom.emulator.setFaults([{ match: SEND, action: { type: "truncate_json" } }]);
    const response = await rawSend();
    expect(response.status).toBe(200);
    await expect(response.json()).rejects.toThrow(/JSON/);
    expect(delivered()).toBe(1);
  });

  it("delay a true answer", async () => {
    wecom.emulator.setFaults([{ match: SEND, action: { type: "delay", delayMs: 50 } }]);
    expect((await wecom.send("x")).errcode).toBe(0);
    expect(wecom.emulator.calls({ path: "message/send" })[0]).toMatchObject({ fault: "delay" });
  });

  it("can be meant for one member, one corp and one call", async () => {
    wecom.emulator.setFaults([
      {
        match: { ...SEND, user: "lisi", corp: APP.corpId, nth: 2 },
        action: { type: "errcode", errcode: 45009 },
      },
    ]);
    const codes = [];
    for (const touser of ["lisi", "zhangsan", "lisi", "lisi"])
      codes.push((await wecom.send("x", { touser })).errcode);
    expect(codes).toEqual([0, 0, 45009, 0]);
  });

  it("let a resend with the same bytes be swallowed after an answer that was lost", async () => {
    wecom.emulator.setFaults([{ match: SEND, action: { type: "reset_after" } }]);
    const check = { enable_duplicate_check: 1 };
    await expect(wecom.send("once", check)).rejects.toThrow();
    expect((await wecom.send("once", check)).errcode).toBe(0);
    expect(delivered()).toBe(1);
  });

  it("can be set from outside, seen with their counts, and cleared", async () => {
    const rule = { match: SEND, times: 1, action: { type: "errcode", errcode: 60020 } };
    const set = await wecom.control("faults", { method: "POST", body: [rule] });
    expect(await set.json()).toMatchObject({ faults: [{ ...rule, applied: 0 }] });
    expect((await wecom.send("x")).errcode).toBe(60020);
    expect(await (await wecom.control("faults")).json()).toMatchObject({ faults: [{ applied: 1 }] });
    await wecom.control("faults", { method: "DELETE" });
    expect(wecom.emulator.faults()).toEqual([]);
    const bad = await wecom.control("faults", {
      method: "POST",
      body: [{ match: SEND, action: { type: "explode" } }],
    });
    expect(bad.status).toBe(400);
  });

  it("leave no call behind when the emulator closes", async () => {
    wecom.emulator.setFaults([{ match: SEND, times: "always", action: { type: "hang" } }]);
    const answer = failureCode(rawSend());
    await waitUntil("the fault took the call", () => wecom.emulator.faults()[0]?.applied === 1);
    await wecom.emulator.close();
    expect(await answer).not.toBe("answered");
    wecom = await startEmulator();
  });
});

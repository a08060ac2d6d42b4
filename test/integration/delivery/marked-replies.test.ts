import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { waitUntil } from "../../support/wait-until.ts";
import type { TestGateway } from "./gateway.ts";
import { startGateway } from "./gateway.ts";

// Retires the risk that an app that would rather say something twice than not at all cannot be told from a broken one.

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway({
    apps: ["unsure", "late"],
    replies: {
      format: "text",
      number: false,
      unknownOutcome: "resend-marked",
      late: "send-marked",
      perDay: undefined,
    },
    sending: { breaker: { firstPauseMs: 100, longestPauseMs: 400 } },
  });
});
afterAll(() => gateway.stop());

const calls = (app: string) => gateway.emulator.calls({ path: "message/send", app }).length;

describe("where the app wants it, a reply", () => {
  it("that may have arrived is sent again after WeCom's window, and says so", async () => {
    const match = { path: "message/send", corp: gateway.corpOf("unsure") };
    gateway.emulator.setFaults([{ match, times: "always", action: { type: "hang", deliver: true } }]);
    const text = "企".repeat(1200);
    await gateway.ask("unsure", "zhangsan", text);
    await waitUntil("it was tried twice", () => calls("unsure") >= 2);
    const before = gateway.screen("unsure", "zhangsan");
    expect(before).toHaveLength(1);
    gateway.emulator.setFaults([{ match, times: 1, action: { type: "hang", deliver: true } }]);
    gateway.advance(31 * 60 * 1000);
    const after = await gateway.untilShown("unsure", "zhangsan", 3);
    await gateway.untilSettled("unsure", "zhangsan");
    // Once more with the mark, whose own resend WeCom recognised; then the part that was still to come.
    expect(gateway.screen("unsure", "zhangsan")).toEqual(after);
    expect(after[1]).toMatch(/^♻️/u);
    expect(after[1]?.endsWith(before[0] ?? "?")).toBe(true);
    expect([before[0], after[2]].join("")).toBe(text);
    for (const part of after) expect(Buffer.byteLength(part)).toBeLessThanOrEqual(2048);
  });

  it("that was held for more than a day arrives and says how late it is, once", async () => {
    gateway.emulator.changeApp("late", { trustedIps: ["203.0.113.9"] });
    const text = Array.from({ length: 40 }, (_, n) => `${n} ${"企业微信".repeat(15)}`).join("\n");
    await gateway.ask("late", "lisi", text);
    await waitUntil("it was refused", () => calls("late") >= 1);
    gateway.advance(26 * 3600 * 1000);
    gateway.emulator.changeApp("late", { trustedIps: null });
    await gateway.untilShown("late", "lisi", 4);
    await gateway.untilSettled("late", "lisi");
    const shown = gateway.screen("late", "lisi");
    const mark = /^🕓[^\n]*1[^\n]*\n/u;
    expect(shown.map((part) => mark.test(part))).toEqual(shown.map((_, n) => n === 0));
    expect(shown.join("\n").replace(mark, "")).toBe(text);
    expect(await gateway.deadLetters("late")).toEqual([]);
  });
});

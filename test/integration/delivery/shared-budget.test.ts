import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { TestGateway } from "./gateway.ts";
import { startGateway } from "./gateway.ts";

// Retires the risk that a long answer loses its 31st part: WeCom drops it and answers success.

/** WeCom's clock runs this much faster, so that its minute is over soon; our limits are as much shorter. */
const FASTER = 20;

let gateway: TestGateway;

beforeAll(async () => {
  const startMs = Date.now();
  gateway = await startGateway({
    apps: ["main"],
    workers: 2,
    sending: { limits: { minuteMs: 60_500 / FASTER, hourMs: 3_601_000 / FASTER } },
    emulator: { clock: { nowMs: () => startMs + (Date.now() - startMs) * FASTER } },
  });
});
afterAll(() => gateway.stop());

function longReply(parts: number): string {
  const line = (n: number) => `${String(n).padStart(5, "0")} ${"企业微信".repeat(13)}`;
  // A part holds 12 of these lines.
  return Array.from({ length: parts * 12 }, (_, n) => line(n)).join("\n");
}

describe("40 parts to one person", () => {
  it("arrive all, in order, never more than 30 in any minute of WeCom's, from two workers", async () => {
    const text = longReply(40);
    await gateway.ask("main", "zhangsan", text);
    const parts = await gateway.untilShown("main", "zhangsan", 40);
    expect(parts).toHaveLength(40);
    expect(parts.join("\n")).toBe(text);

    const sent = gateway.emulator.sent({ app: "main", user: "zhangsan" });
    expect(sent.flatMap(({ receivers }) => receivers.map(({ status }) => status))).toEqual(
      parts.map(() => "delivered"),
    );
    const at = sent.map(({ atMs }) => atMs);
    for (let n = 30; n < at.length; n++) {
      expect((at[n] ?? 0) - (at[n - 30] ?? 0)).toBeGreaterThanOrEqual(60_000);
    }
  });

  it("do not hold up anybody else", async () => {
    await gateway.ask("main", "lisi", longReply(31));
    await gateway.ask("main", "wangwu", "short");
    await gateway.untilShown("main", "lisi", 31);
    const at = (user: string, n: number) => gateway.emulator.sent({ app: "main", user })[n]?.seq ?? 0;
    expect(at("wangwu", 0)).toBeLessThan(at("lisi", 30));
  });
});

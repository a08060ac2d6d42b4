import type { AppBreaker, Permit, RateLimiter, Taken } from "@gateway/wecom-client";
import { WecomError } from "@gateway/wecom-client";
import { describe, expect, it } from "@jest/globals";
import { pino } from "pino";
import { createSendGate } from "./send-gate.ts";
import { outcomeOfError } from "./send-outcome.ts";

const permit: Permit = { id: "p", takenAtMs: 0, appKeys: [], rules: [] };
const to = { corpId: "ww1", agentId: "2", userId: "u", appName: "app", perDay: undefined };

function error(errcode: number, kind: WecomError["kind"]): WecomError {
  return new WecomError({
    kind,
    errcode,
    code: `errcode_${errcode}`,
    api: "message/send",
    app: "ww1/2",
    summary: "what happened",
    hint: "what to do",
  });
}

/** A gate over a limiter and a breaker that write down what they are told. */
function gate(
  parts: { taken?: Taken; entry?: Awaited<ReturnType<AppBreaker["enter"]>>; news?: "opened" | "known" } = {},
) {
  const told: string[] = [];
  const lines: Record<string, unknown>[] = [];
  const limiter: RateLimiter = {
    take: async ({ kind }) => {
      told.push(`take ${kind}`);
      return parts.taken ?? { ok: true, permit };
    },
    settle: async (_, outcome) => void told.push(`settle ${outcome}`),
    pause: async () => {
      told.push("pause");
      return 61_000;
    },
    slowDown: async () => void told.push("slow down"),
  };
  const breaker: AppBreaker = {
    enter: async () => parts.entry ?? { status: "closed" },
    fail: async (_, { code }, probe) => {
      told.push(`fail ${code} ${probe ?? "-"}`);
      return { news: parts.news ?? "opened", afterMs: 10_000 };
    },
    heal: async (_, probe) => {
      told.push(`heal ${probe}`);
      return 5000;
    },
    release: async (_, probe) => void told.push(`release ${probe}`),
  };
  const logger = pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { gate: createSendGate(to, { limiter, breaker, logger }), told, lines };
}

async function settled(errcode: number, kind: WecomError["kind"], parts: Parameters<typeof gate>[0] = {}) {
  const { gate: tried, told, lines } = gate(parts);
  const admission = await tried.enter("answer");
  if (!admission.ok) throw new Error("not admitted");
  const waitMs = await admission.pass.settle(outcomeOfError(error(errcode, kind), 1));
  return { told: told.slice(1), lines, waitMs };
}

const probing = { entry: { status: "probe", probe: "p1" } } as const;

describe("the gate before every send", () => {
  it("does not take a permit while the app is broken", async () => {
    const { gate: closed, told } = gate({ entry: { status: "open", afterMs: 5000 } });
    const admission = await closed.enter("answer");
    expect(admission).toMatchObject({ ok: false, why: "app_broken" });
    expect(!admission.ok && admission.afterMs >= 5000).toBe(true);
    expect(told).toEqual([]);
  });

  it("lets a probe that finds no room go to another message", async () => {
    const { gate: full, told } = gate({
      ...probing,
      taken: { ok: false, afterMs: 900, why: "member_minute" },
    });
    expect(await full.enter("answer")).toMatchObject({ ok: false, why: "member_minute" });
    expect(told).toEqual(["take answer", "release p1"]);
  });

  it("looks often after a notice that waits for its share, since an answer makes it superfluous", async () => {
    const { gate: full } = gate({ taken: { ok: false, afterMs: 50_000, why: "notices_minute" } });
    const admission = await full.enter("notice");
    expect(!admission.ok && admission.afterMs).toBeLessThan(5000);
  });

  it("counts everything but notices as answers", async () => {
    const { gate: open, told } = gate();
    for (const kind of ["answer", "failure", "system", "notice"] as const) await open.enter(kind);
    expect(told).toEqual(["take answer", "take answer", "take answer", "take notice"]);
  });

  it("opens the breaker and tells the operator once what to do", async () => {
    const first = await settled(60020, "configuration");
    expect(first.told).toEqual(["settle unused", "fail errcode_60020 -"]);
    expect(first.waitMs).toBe(10_000);
    expect(first.lines).toHaveLength(1);
    expect(first.lines[0]).toMatchObject({ level: 50, errcode: 60020, whatToDo: "what to do", app: "app" });
    expect((await settled(60020, "configuration", { news: "known" })).lines).toHaveLength(0);
  });

  it("heals with a probe that WeCom answered for another reason than the app", async () => {
    const { told } = await settled(81013, "recipient", probing);
    expect(told).toEqual(["settle used", "heal p1"]);
  });

  it("proves nothing with a probe that WeCom was too busy for", async () => {
    const { told } = await settled(-1, "busy", probing);
    expect(told).toEqual(["settle used", "release p1"]);
  });

  it("pauses everybody on 45009 and goes slower on 45033", async () => {
    const blocked = await settled(45009, "rate");
    expect(blocked).toMatchObject({ told: ["pause", "settle used"], waitMs: 61_000 });
    const crowded = await settled(45033, "rate");
    expect(crowded).toMatchObject({ told: ["slow down", "settle used"], waitMs: 0 });
  });

  it("gives back the permit of a message that was not sent after all", async () => {
    const { gate: open, told } = gate(probing);
    const admission = await open.enter("answer");
    if (admission.ok) await admission.pass.cancel();
    expect(told).toEqual(["take answer", "settle unused", "release p1"]);
  });
});

import type { Requested } from "@gateway/conversation/access";
import { createTexts } from "@gateway/texts";
import { describe, expect, it } from "@jest/globals";
import type { WorkerApp } from "../apps.ts";
import { answerMark } from "./answer-mark.ts";

const nowMs = 1_700_000_000_000;
const texts = createTexts("en");
const conversation = "wwOne:1000002:zhangsan";

function harness(settings: { pairing: boolean; denyNotice: boolean }, requested?: Requested) {
  const asked: unknown[] = [];
  const lines: unknown[] = [];
  const app = { name: "sales", texts, ...settings } as WorkerApp;
  const deps = {
    access: {
      request: async (...question: unknown[]) => {
        asked.push(question);
        if (requested === undefined) throw new Error("nobody is to be asked");
        return requested;
      },
    },
    mayTell: async () => true,
    logger: { info: (line: unknown) => void lines.push(line) } as never,
    now: () => nowMs,
  };
  return {
    asked,
    lines,
    answer: (mark: "denied" | "admitted") => answerMark(mark, app, { conversation, messageId: "cb-1" }, deps),
  };
}

const pairing = { pairing: true, denyNotice: false };

describe("what a person without access is told", () => {
  it("is a code for the app they wrote to, and how long it is good; the log has no code", async () => {
    const request = {
      code: "K7QM3XPA",
      userId: "zhangsan",
      appName: "sales",
      requestedAtMs: nowMs,
      expiresAtMs: nowMs + 90_000,
    };
    const { answer, asked, lines } = harness(pairing, { status: "open", request });
    expect(await answer("denied")).toBe(texts.access.pairing({ code: "K7QM-3XPA", minutes: 2 }));
    expect(asked).toEqual([
      [expect.objectContaining({ corpId: "wwOne", agentId: "1000002", appName: "sales" }), "zhangsan"],
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/K7QM/);
  });

  it("is to come later when too many ask, and nothing when they were let in meanwhile", async () => {
    expect(await harness(pairing, { status: "full" }).answer("denied")).toBe(texts.access.pairingBusy);
    expect(await harness(pairing, { status: "approved" }).answer("denied")).toBeUndefined();
  });

  it("is that they may not, or nothing, where there is no pairing", async () => {
    const off = { pairing: false, denyNotice: false };
    expect(await harness({ ...off, denyNotice: true }).answer("denied")).toBe(texts.access.denied);
    expect(await harness(off).answer("denied")).toBeUndefined();
  });

  it("is a welcome once an administrator let them in", async () => {
    expect(await harness(pairing).answer("admitted")).toBe(texts.access.welcomeIn);
  });
});

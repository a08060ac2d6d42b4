import { describe, expect, it } from "@jest/globals";
import type { Observation } from "./observation.ts";
import { rejected } from "./outcome.ts";
import { createOutcomeLog } from "./outcome-log.ts";
import { createManualClock } from "./testing/manual-clock.ts";

function openLog() {
  const clock = createManualClock();
  const lines: { level: string; line: Record<string, unknown>; message: string }[] = [];
  const to = (level: string) => (line: Record<string, unknown>, message: string) => {
    lines.push({ level, line, message });
  };
  const logger = { info: to("info"), warn: to("warn"), error: to("error") } as never;
  return { clock, lines, log: createOutcomeLog({ logger, clock }) };
}

const callback = (outcome: Observation["outcome"]): Observation =>
  ({ request: "callback", outcome, durationMs: 3.4 }) as Observation;
const forged = callback(rejected(403, "signature_invalid", "no"));
const accepted = callback({
  kind: "accepted",
  app: "main",
  messageId: "cb-1",
  userId: "u",
  messageKind: "text",
});

describe("the outcome log", () => {
  it("writes one line for a message, with its id, app, outcome and duration", () => {
    const { log, lines } = openLog();
    log.observe(accepted);
    expect(lines).toEqual([
      {
        level: "info",
        message: "callback accepted",
        line: {
          app: "main",
          messageId: "cb-1",
          userId: "u",
          messageKind: "text",
          outcome: "accepted",
          code: undefined,
          durationMs: 3,
        },
      },
    ]);
  });

  it("never writes the challenge of a URL check", () => {
    const { log, lines } = openLog();
    log.observe({
      request: "handshake",
      outcome: { kind: "verified", app: "main", echo: Buffer.from("challenge"), skewSeconds: -700 },
      durationMs: 1,
    });
    expect(JSON.stringify(lines)).not.toContain("challenge");
    expect(lines[0]).toMatchObject({ level: "warn", line: { skewSeconds: -700 } });
  });

  it("warns of a message that is lost because nothing more fits in", () => {
    const { log, lines } = openLog();
    log.observe(callback({ kind: "ignored", reason: "lane_full", app: "main", userId: "u" }));
    expect(lines).toMatchObject([{ level: "warn", line: { app: "main", userId: "u", code: "lane_full" } }]);
    expect(lines[0]?.message).toContain("too much waits");
  });

  it.each([
    [-3600, "signed, but 3600 s old"],
    [700, "signed, but 700 s ahead"],
  ])("says in words that a message was taken for a replay (%i s)", (skewSeconds, words) => {
    const { log, lines } = openLog();
    log.observe(callback({ kind: "ignored", reason: "stale", app: "main", skewSeconds }));
    expect(lines).toMatchObject([{ level: "warn", line: { code: "stale", skewSeconds } }]);
    expect(lines[0]?.message).toContain(words);
  });

  it("counts a flood of forgeries instead of writing it", async () => {
    const { log, lines, clock } = openLog();
    for (let i = 0; i < 10_000; i += 1) log.observe(forged);
    expect(lines).toHaveLength(20);
    await clock.advance(10_000);
    expect(lines.slice(20)).toEqual([
      expect.objectContaining({
        line: { outcome: "rejected:signature_invalid", count: 9980, windowMs: 10_000 },
      }),
    ]);
    expect(clock.sleepers()).toBe(0);
  });

  it("writes every accepted message during a flood", async () => {
    const { log, lines, clock } = openLog();
    for (let i = 0; i < 100; i += 1) log.observe(forged);
    for (let i = 0; i < 100; i += 1) log.observe(accepted);
    await clock.advance(10);
    expect(lines.filter(({ message }) => message === "callback accepted")).toHaveLength(100);
  });

  it("lets what is accepted right after another wait a moment, and nothing else", async () => {
    const { log, lines, clock } = openLog();
    const written = () => lines.map(({ line }) => line.outcome);
    log.observe(accepted);
    expect(written()).toEqual(["accepted"]);
    log.observe(accepted);
    expect(written()).toEqual(["accepted"]);
    log.observe(forged);
    expect(written()).toEqual(["accepted", "accepted", "rejected"]);
    log.observe(accepted);
    await clock.advance(10);
    expect(written()).toHaveLength(4);
    log.observe(accepted);
    log.flush();
    expect(written()).toHaveLength(5);
  });

  it("starts again in the next window and loses no count at the end", async () => {
    const { log, lines, clock } = openLog();
    for (let i = 0; i < 5; i += 1) log.observe(forged);
    await clock.advance(10_000);
    for (let i = 0; i < 25; i += 1) log.observe(forged);
    expect(lines).toHaveLength(25);
    log.flush();
    expect(lines.at(-1)?.line).toMatchObject({ count: 5 });
    expect(clock.sleepers()).toBe(0);
  });
});

import { describe, expect, it } from "@jest/globals";
import type { AbortReason, TurnResult } from "../runners/runner.ts";
import { conclude } from "./conclude.ts";

const done: TurnResult = { status: "done", text: "yes" };
const cancelled: TurnResult = { status: "cancelled" };
const end = (result: TurnResult, stopped?: AbortReason) =>
  conclude({ result, stopped, absorbed: [], unanswered: 0, notices: [] });

describe("conclude", () => {
  it("counts an answer that is there, even if somebody asked for the stop a moment before", () => {
    for (const stopped of [undefined, "user", "idle", "shutdown"] as const)
      expect(end(done, stopped)).toBe(done);
  });

  it("counts nothing once the conversation is another worker's", () => {
    expect(end(done, "lost")).toBe("lost");
    expect(end(cancelled, "lost")).toBe("lost");
  });

  it.each(["user", "interrupt", "new"] as const)(
    "ends a turn that was stopped by the person (%s)",
    (stopped) => {
      expect(end(cancelled, stopped)).toEqual({ status: "stopped" });
    },
  );

  it("hands a turn over at a shutdown, and fails one that was silent for too long", () => {
    expect(end(cancelled, "shutdown")).toBe("shutdown");
    expect(end(cancelled, "idle")).toMatchObject({ status: "failed", code: "idle" });
  });

  it("takes an answer that nobody would see for the failure it is, unless there are files", () => {
    expect(end({ status: "done", text: " \n\u200b" })).toMatchObject({ status: "failed", code: "empty" });
    const files: TurnResult = { status: "done", text: "", files: [{ path: "/out/a.pdf" }] };
    expect(end(files)).toBe(files);
  });

  it("fails a run that ended itself without a reason", () => {
    expect(end(cancelled)).toMatchObject({ status: "failed", code: "internal" });
  });
});

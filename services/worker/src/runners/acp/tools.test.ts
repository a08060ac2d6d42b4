import { describe, expect, it } from "@jest/globals";
import { createTools, describeTool } from "./tools.ts";

const MEGABYTE = "x".repeat(2 ** 20);

function merge(...pieces: object[]) {
  const tools = createTools(() => undefined);
  return pieces.map((piece) => tools.merge({ toolCallId: "1", ...piece })?.tool ?? {}).at(-1) ?? {};
}

describe("describeTool", () => {
  it("tells what a tool does from what was told piece by piece", () => {
    const begun = { title: "Run tests", kind: "execute", rawInput: { command: ["npm", "test"], cwd: "/w" } };
    const tool = merge(begun, { status: "pending", rawInput: {}, locations: [{ path: "/w/a" }] });
    expect(describeTool(tool)).toEqual({ title: "Run tests", detail: "npm test\n/w\n/w/a" });
  });

  it.each([
    [{ rawInput: { query: "tea" } }, '{"query":"tea"}'],
    [{ content: [{ type: "content", content: { type: "text", text: "words" } }] }, "words"],
    [{ content: [{ type: "diff", path: "/w/a", newText: "new" }] }, "/w/a\nnew"],
    [{ rawInput: { a: 1 }, content: [{ type: "diff", path: "/w/a", newText: "new" }] }, '{"a":1}'],
  ])("%j", (piece, detail) => {
    expect(describeTool(merge(piece)).detail).toBe(detail);
  });

  it("tells the beginning of what is long", () => {
    const { detail } = describeTool(merge({ rawInput: { command: MEGABYTE } }));
    expect(detail).toBe("x".repeat(2000));
  });
});

describe("the tools of a turn", () => {
  it.each([
    { rawInput: { content: MEGABYTE } },
    { rawInput: { command: MEGABYTE, cwd: MEGABYTE } },
    { content: [{ type: "diff", path: "/w/a", newText: MEGABYTE }] },
    { title: MEGABYTE, name: MEGABYTE, locations: [{ path: MEGABYTE }] },
  ])("keep no whole files (%#)", (piece) => {
    expect(JSON.stringify(merge(piece)).length).toBeLessThan(20_000);
  });

  it.each(["completed", "failed"])("keep nothing of what is %s but that", (status) => {
    const rawInput = { command: "make", cwd: "/w" };
    const content = [{ type: "diff", path: "/w/a", newText: "new" }];
    const tool = merge({ title: "Make", rawInput, content }, { status }, {});
    expect(tool).toEqual({ title: "Make", status });
  });

  it("know which are at work", () => {
    const tools = createTools(() => undefined);
    tools.merge({ toolCallId: "1", status: "in_progress" });
    expect(tools.isBusy()).toBe(true);
    tools.merge({ toolCallId: "1", status: "completed" });
    expect(tools.isBusy()).toBe(false);
  });
});

import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { mostly, oddValue } from "../../../testing/hostile-stream.ts";
import { readToolResult } from "./tool-output.ts";

const text = mostly(fc.constantFrom("上海", "😀".repeat(9000), "x".repeat(40_000), ""));
const part = fc.record(
  {
    type: mostly(fc.constantFrom("text", "image", "resource", "resource_link", "audio")),
    ...{ text, mimeType: text, uri: text },
    resource: mostly(fc.record({ uri: text, text }, { requiredKeys: [] })),
  },
  { requiredKeys: ["type"] },
);
const result = fc.record(
  {
    content: mostly(fc.array(mostly(part), { maxLength: 4 })),
    isError: mostly(fc.boolean()),
    structuredContent: fc.oneof(oddValue(), fc.record({ text })),
    toolResult: oddValue(),
  },
  { requiredKeys: [] },
);

describe("the result of a tool, of any form", () => {
  it("is a bounded text that says whether it failed", () => {
    fc.assert(
      fc.property(result, (said) => {
        const { output, failed } = readToolResult(said as Parameters<typeof readToolResult>[0]);
        expect([output.isWellFormed(), Buffer.byteLength(output) <= 33_000]).toEqual([true, true]);
        expect(failed).toBe(said.isError === true);
      }),
    );
  });

  it("is told without the parts that are none (found by the property above)", () => {
    const content = [null, 7, { type: "text" }, { type: "text", text: "sunny" }] as never;
    expect(readToolResult({ content })).toEqual({ output: "sunny", failed: false });
  });
});

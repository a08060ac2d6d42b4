import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { identifierOnly, redactData, redactOptions } from "./redact.ts";

describe("redactData", () => {
  it("keeps what identifies, counts or dates, and hides the rest by its length", () => {
    const data = {
      ...{ v: 1, conversation: "ww1:1000002:zhang%40san", msgId: "4561255354251345929", kind: "location" },
      ...{ receivedAtMs: 1_700_000_000_000, attempts: 2, isLate: true, nothing: null },
      ...{ latitude: 31.2, label: "公司门口", empty: "", messageIds: ["cb-1", "cb-2"] },
      message: { content: "hello", parts: ["a", { text: "b" }] },
    };
    expect(redactData(data)).toEqual({
      ...data,
      ...{ latitude: "[redacted: number]", label: "[redacted: 4 characters]" },
      message: {
        content: "[redacted: 5 characters]",
        parts: ["[redacted: 1 characters]", { text: "[redacted: 1 characters]" }],
      },
    });
  });

  it("hides a sentence also where an id is expected, and data that is no object", () => {
    expect(redactData({ id: "please call me", user: "张三" })).toEqual({
      ...{ id: "[redacted: 14 characters]", user: "[redacted: 2 characters]" },
    });
    expect(redactData("hello")).toBe("[redacted: 5 characters]");
    expect(redactData(42)).toBe("[redacted: number]");
  });

  it("ends, however deep or wide the data", () => {
    let deep: unknown = "secret";
    for (let i = 0; i < 10_000; i += 1) deep = [deep];
    expect(JSON.stringify(redactData(deep))).not.toContain("secret");
    expect(redactData({ list: Array(100_000).fill("secret") })).toHaveProperty("list.length", 200);
  });

  it("lets no text through under a field it does not know, and changes nothing when repeated", () => {
    const secret = "s3cr3t";
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom(secret, `${secret} and more`, 31.2, null, true),
        fc.array(tie("any"), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom("content", "text", "note", "nested"), tie("any"), { maxKeys: 4 }),
      ),
    })).any;
    fc.assert(
      fc.property(value, (data) => {
        const once = redactData(data);
        expect(JSON.stringify(once)).not.toMatch(/s3cr3t|31\.2/);
        expect(redactData(once)).toEqual(once);
      }),
    );
  });
});

describe("job options and names", () => {
  it("stay readable while they look like ours", () => {
    const options = {
      attempts: 10,
      backoff: { type: "exponential", delay: 500 },
      jobId: "cb-ww1-1000002-u-1",
    };
    expect(redactOptions(options)).toEqual(options);
    expect(identifierOnly("turn")).toBe("turn");
    expect(redactOptions({ jobId: "hello there" })).toEqual({ jobId: "[redacted: 11 characters]" });
    expect(identifierOnly("你好")).toBe("[redacted: 2 characters]");
  });
});

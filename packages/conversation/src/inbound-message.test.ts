import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { inboundMessageSchema, isReadableMessage } from "./inbound-message.ts";

const common = { toUserName: "ww1", fromUserName: "u", createTime: 1, agentId: "1" };
const textOf = (...lengths: number[]) => fc.constantFrom(...lengths.map((length) => "a".repeat(length)));

describe("a readable message", () => {
  it("is one that the schema takes", () => {
    const ids = textOf(0, 1, 512, 513);
    const message = fc.record({
      v: fc.constant(1 as const),
      id: ids,
      appName: textOf(0, 256, 257),
      corpId: ids,
      agentId: ids,
      userId: ids,
      receivedAtMs: fc.constantFrom(0, 1_700_000_000_000, -1, 0.5, Number.NaN, 2 ** 53),
      message: fc.constant({ kind: "text" as const, content: "", ...common }),
    });
    fc.assert(
      fc.property(message, (input) => {
        expect(isReadableMessage(input)).toBe(inboundMessageSchema.safeParse(input).success);
      }),
    );
  });
});

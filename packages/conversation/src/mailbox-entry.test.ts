import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { ADMITTED_MARK, DENIED_MARK, REFUSED_MARK, readEntry } from "./mailbox-entry.ts";

/** Any UTF-16, also what is no text. */
const anyText = (maxLength: number) =>
  fc.array(fc.nat(0xffff), { maxLength }).map((units) => String.fromCharCode(...units));

const odd = fc.constantFrom<unknown[]>(1, -1, 1.5, 2, null, "", "x".repeat(600), [], {}, true);
const mostly = (right: unknown) =>
  fc.oneof({ arbitrary: fc.constant(right), weight: 12 }, { arbitrary: odd, weight: 1 });
const entry = fc.record(
  {
    ...{
      v: mostly(1),
      id: mostly("cb-2"),
      appName: mostly("b"),
      corpId: mostly("ww2"),
      agentId: mostly("3"),
    },
    ...{
      userId: mostly("y"),
      receivedAtMs: mostly(2),
      ownTurn: mostly("cb-1"),
      steer: mostly(true),
      tomorrow: odd,
    },
    ...{ traceparent: odd, message: mostly({ kind: "text", content: "y" }) },
  },
  { requiredKeys: [] },
);
const good = {
  v: 1,
  id: "cb-1",
  appName: "a",
  corpId: "ww1",
  agentId: "2",
  userId: "z",
  receivedAtMs: 1,
  message: { kind: "text", content: "x" },
};

describe("stored entries of another version, or damaged ones", () => {
  it("are read as what they are, or known to be unreadable; none is an error", () => {
    const raw = fc.oneof(
      {
        arbitrary: fc
          .tuple(fc.constantFrom("", REFUSED_MARK, DENIED_MARK, ADMITTED_MARK, "?"), entry)
          .map(([mark, value]) => mark + JSON.stringify(value)),
        weight: 3,
      },
      { arbitrary: entry.map((value) => JSON.stringify({ ...good, ...value })), weight: 3 },
      { arbitrary: anyText(40), weight: 1 },
      {
        arbitrary: fc.constantFrom("", "null", "!", "-", "+", "[]", "[".repeat(50_000), "constructor"),
        weight: 1,
      },
    );
    fc.assert(
      fc.property(raw, (stored) => {
        const { raw: same, message, mark } = readEntry(stored);
        expect(same).toBe(stored);
        expect([undefined, "refused", "denied", "admitted"]).toContain(mark);
        if (message === undefined) return;
        expect([typeof message.id, typeof message.userId, typeof message.message.kind, message.v]).toEqual([
          "string",
          "string",
          "string",
          1,
        ]);
        expect(readEntry(JSON.stringify(message)).message).toEqual(message);
      }),
    );
  });

  it("that a newer version has added something to are read without it", () => {
    expect(readEntry(JSON.stringify({ ...good, tomorrow: 1 })).message).toEqual(good);
  });
});

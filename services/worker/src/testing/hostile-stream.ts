import fc from "fast-check";

/** The conversation: not for a failure's words. */
export const STREAM_WORDS = "what a person said";

/** The same bytes as a network may bring them. */
export function cutBytes(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const parts: Buffer[] = [];
  let from = 0;
  for (const size of sizes) {
    parts.push(bytes.subarray(from, from + size));
    from += size;
  }
  return [...parts, bytes.subarray(from)].filter(({ length }) => length > 0);
}

export const cutSizes = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 120, size: "max" });

/** Values of any type, some of them likely to be taken for what they are not. */
export function oddValue(): fc.Arbitrary<unknown> {
  const values: unknown[] = [
    ...[
      null,
      undefined,
      0,
      -1,
      1.5,
      1e300,
      4_294_967_295,
      true,
      "",
      STREAM_WORDS,
      "\u0000\ud800",
      "x".repeat(3000),
    ],
    ...[[], {}, [null], [[]], { toString: 1, valueOf: 1, toJSON: 1 }, JSON.parse('{"__proto__":{"a":1}}')],
  ];
  return fc.constantFrom(...values);
}

/** Mostly as it should be. */
export const mostly = <Value>(right: fc.Arbitrary<Value>, odd: fc.Arbitrary<unknown> = oddValue()) =>
  fc.oneof({ arbitrary: right as fc.Arbitrary<unknown>, weight: 80 }, { arbitrary: odd, weight: 1 });

/** An event stream of such objects, with whatever else may stand between them. */
export function eventStream(object: fc.Arbitrary<unknown>, end: string): fc.Arbitrary<Buffer> {
  const lineEnd = fc.constantFrom("\n", "\r\n", "\n");
  const noise = fc.constantFrom(
    ...[
      ": ping",
      "event: message",
      "id: 7",
      "retry: 1",
      "data",
      "data:",
      "data: {",
      "data: [DONE",
      "data:null",
      "data: 1",
    ],
    ...["\0", `data: ${"[".repeat(5000)}`, `data: "${STREAM_WORDS}"`, "\ud83d", "<html>"],
  );
  const event = fc.oneof(
    { arbitrary: object.map((value) => `data: ${JSON.stringify(value) ?? "undefined"}`), weight: 60 },
    { arbitrary: noise, weight: 1 },
  );
  return fc
    .record({
      events: fc.array(event, { maxLength: 12 }),
      end: fc.oneof({ arbitrary: fc.constant(end), weight: 6 }, { arbitrary: fc.constant(""), weight: 1 }),
      lineEnd,
      rubbish: fc.oneof(
        { arbitrary: fc.constant(Buffer.alloc(0)), weight: 6 },
        { arbitrary: fc.uint8Array({ maxLength: 6 }), weight: 1 },
      ),
      lost: fc.oneof({ arbitrary: fc.constant(0), weight: 8 }, { arbitrary: fc.nat(60), weight: 1 }),
      bom: fc.oneof(
        { arbitrary: fc.constant(""), weight: 10 },
        { arbitrary: fc.constant("\uFEFF"), weight: 1 },
      ),
    })
    .map((one) => {
      const text = [...one.events, ...(one.end === "" ? [] : [one.end])].map(
        (part) => part + one.lineEnd + one.lineEnd,
      );
      const whole = Buffer.concat([Buffer.from(one.bom + text.join("")), one.rubbish]);
      return whole.subarray(0, Math.max(whole.length - one.lost, 0));
    });
}

import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { cutBytes, cutSizes, eventStream, mostly, STREAM_WORDS } from "../../testing/hostile-stream.ts";
import { AgentFault } from "./agent-fault.ts";
import { readAnswer } from "./read-answer.ts";

const text = mostly(fc.constantFrom("答", "😀 b", " ", ""));
const file = fc.oneof(
  fc.record({ path: mostly(fc.constantFrom("/out/a.png", "out/a.png", "/../etc/passwd")) }),
  fc.record({
    name: mostly(fc.constantFrom("a.csv", "../a", "")),
    content: mostly(fc.constantFrom("YQ==", "YQ=", "é")),
  }),
);
const answer = fc.record(
  { text, files: mostly(fc.array(file, { maxLength: 3 })), error: mostly(fc.constantFrom(undefined)) },
  { requiredKeys: [] },
);
const word = fc.oneof(
  { arbitrary: fc.record({ type: fc.constant("delta"), text }), weight: 6 },
  {
    arbitrary: fc.record({
      type: fc.constant("progress"),
      title: mostly(fc.constantFrom("looks", "x".repeat(2000))),
    }),
    weight: 3,
  },
  {
    arbitrary: fc.record({ type: mostly(fc.constant("error")), message: fc.constant(STREAM_WORDS) }),
    weight: 1,
  },
  { arbitrary: answer.map((said) => ({ ...said, type: "done" })), weight: 1 },
);
const body = fc.oneof(
  eventStream(word, 'data: {"type":"done"}').map((bytes) => ({
    type: "text/event-stream; charset=utf-8",
    bytes,
  })),
  fc
    .tuple(
      mostly(answer),
      fc.constantFrom("", "\uFEFF", "\n"),
      fc.oneof(fc.constant(""), fc.constantFrom("}", "\0")),
    )
    .map(([value, before, after]) => ({
      type: "application/json",
      bytes: Buffer.from(`${before}${JSON.stringify(value) ?? ""}${after}`),
    })),
);

/** The result, or the failure's; and what the person is shown meanwhile. */
async function read(type: string, parts: readonly Buffer[]) {
  const shown: unknown[] = [];
  const response = Object.assign(Readable.from(parts), { headers: { "content-type": type } });
  try {
    const result = await readAnswer(response as unknown as IncomingMessage, {
      emit: (event) => void shown.push(event),
    });
    return { result, shown };
  } catch (error) {
    if (!(error instanceof AgentFault)) throw error;
    return { result: error.result, shown };
  }
}

describe("an answer of an agent behind HTTP, as JSON or as a stream", () => {
  it("is a result or a clear failure, the same wherever the network cuts", async () => {
    await fc.assert(
      fc.asyncProperty(body, cutSizes, async ({ type, bytes }, sizes) => {
        const whole = await read(type, [bytes]);
        expect(await read(type, cutBytes(bytes, sizes))).toEqual(whole);
        const { result } = whole;
        if (result.status === "failed") expect(JSON.stringify(result)).not.toContain(STREAM_WORDS);
        if (result.status !== "done") return;
        expect(result.text.isWellFormed()).toBe(true);
        expect(result.text.trim() !== "" || (result.files ?? []).length > 0).toBe(true);
        for (const one of result.files ?? [])
          expect("path" in one ? one.path[0] === "/" : Buffer.isBuffer(one.content)).toBe(true);
      }),
    );
  });

  it.each([
    ["application/json", '\uFEFF{"text":"hello"}'],
    ["text/event-stream", '\uFEFFdata: {"type":"delta","text":"hello"}\n\ndata: {"type":"done"}\n\n'],
  ])("is read behind a byte order mark: %s", async (type, said) => {
    expect(await read(type, [Buffer.from(said)])).toMatchObject({
      result: { status: "done", text: "hello" },
    });
  });
});

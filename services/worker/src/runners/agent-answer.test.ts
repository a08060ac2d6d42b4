import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { mostly, oddValue, STREAM_WORDS } from "../testing/hostile-stream.ts";
import { readAgentAnswer } from "./agent-answer.ts";

const words = mostly(fc.constantFrom("答", STREAM_WORDS, "https://example.com/a"));
const keys = fc.constantFrom(
  "title",
  "description",
  "url",
  "card_type",
  "button_list",
  "main_title",
  STREAM_WORDS,
  "__proto__",
);
const anything = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    words,
    oddValue(),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(keys, tie("value"), { maxKeys: 4 }),
  ),
})).value;
const message = fc.oneof(
  anything,
  fc.record({
    msgtype: mostly(fc.constant("textcard")),
    textcard: fc.oneof(anything, fc.record({ title: words, description: words, url: words })),
  }),
  fc.record({ msgtype: mostly(fc.constant("template_card")), template_card: anything }),
);
const answer = fc
  .record(
    {
      text: words,
      files: mostly(fc.array(mostly(fc.constantFrom("/a", STREAM_WORDS)), { maxLength: 3 })),
      messages: mostly(fc.array(message, { maxLength: 3 })),
    },
    { requiredKeys: [] },
  )
  .chain((said) =>
    fc.oneof(
      { arbitrary: fc.constant<unknown>(said), weight: 3 },
      {
        arbitrary: fc.dictionary(keys, anything, { maxKeys: 2 }).map((more) => ({ ...said, ...more })),
        weight: 1,
      },
    ),
  );

describe("the JSON that a program answers with", () => {
  it("is read, or refused in words of which none is the agent's", () => {
    const json = fc.oneof(
      { arbitrary: fc.oneof(answer, anything).map((value) => JSON.stringify(value) ?? ""), weight: 9 },
      {
        arbitrary: fc.constantFrom("", "{", `"${STREAM_WORDS}"`, "[".repeat(100_000), `{"${STREAM_WORDS}`),
        weight: 1,
      },
    );
    fc.assert(
      fc.property(json, (said) => {
        const read = readAgentAnswer(said);
        if (!read.ok) {
          expect(read.problem).not.toContain(STREAM_WORDS);
          expect(read.problem.length).toBeLessThan(500);
          return;
        }
        expect(typeof read.text).toBe("string");
        for (const file of read.files) expect("path" in file && file.path.startsWith("/")).toBe(true);
      }),
    );
  });

  it.each([
    `{"${STREAM_WORDS}":1}`,
    `{"text":"a","messages":[{"msgtype":"textcard","textcard":{"${STREAM_WORDS}":1}}]}`,
  ])("%s is refused without repeating it (found by the property above)", (said) => {
    expect(readAgentAnswer(said)).toMatchObject({
      ok: false,
      problem: expect.not.stringContaining(STREAM_WORDS),
    });
  });
});

import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { describe, expect, it, jest } from "@jest/globals";
import { jsonSchema, tool } from "ai";
import fc from "fast-check";
import {
  cutBytes,
  cutSizes,
  eventStream,
  mostly,
  oddValue,
  STREAM_WORDS,
} from "../../testing/hostile-stream.ts";
import { askModel } from "./ask-model.ts";
import { describeModelFailure } from "./model-failure.ts";

const word = fc.constantFrom(
  "a ",
  "答",
  "😀",
  "\ud83d",
  "",
  "{",
  '"x":1',
  "}",
  '{"city":"上海"}',
  "[1]",
  "null",
);
const call = fc.record(
  {
    index: mostly(fc.constantFrom(0, 0, 1, 2)),
    id: mostly(fc.constantFrom("call_1", "call_2")),
    type: mostly(fc.constant("function")),
    function: mostly(
      fc.record(
        { name: mostly(fc.constantFrom("find", "find", "rm", "")), arguments: mostly(word) },
        { requiredKeys: [] },
      ),
    ),
    extra_content: mostly(fc.constant({ google: { thought_signature: "s" } })),
  },
  { requiredKeys: ["function"] },
);
const delta = fc.record(
  {
    role: mostly(fc.constant("assistant")),
    content: mostly(word),
    reasoning_content: mostly(word),
    refusal: fc.constantFrom(null, "no"),
    tool_calls: mostly(fc.array(call, { maxLength: 3 })),
  },
  { requiredKeys: [] },
);
const finish = fc.constantFrom(
  "stop",
  "length",
  "tool_calls",
  "content_filter",
  "insufficient_system_resource",
  "?",
);
const choice = fc.record(
  {
    index: mostly(fc.constant(0)),
    delta: mostly(delta),
    finish_reason: mostly(
      fc.oneof({ arbitrary: fc.constant(null), weight: 3 }, { arbitrary: finish, weight: 1 }),
    ),
  },
  { requiredKeys: ["delta"] },
);
const chunk = fc.oneof(
  {
    arbitrary: fc.record(
      {
        id: mostly(fc.constant("c")),
        choices: mostly(fc.array(mostly(choice), { minLength: 1, maxLength: 2 })),
        usage: mostly(fc.constant({ prompt_tokens: 1, completion_tokens: 2 })),
        model: mostly(fc.constant("m")),
        created: mostly(fc.constant(1)),
      },
      { requiredKeys: ["choices"] },
    ),
    weight: 120,
  },
  {
    arbitrary: fc.record({
      error: fc.oneof(
        oddValue(),
        fc.record({ message: oddValue(), code: oddValue(), type: fc.constantFrom("rate_limit", null) }),
      ),
    }),
    weight: 1,
  },
  { arbitrary: oddValue(), weight: 1 },
);
const end = `data: ${JSON.stringify({ id: "c", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] })}\n\ndata: [DONE]`;

const STREAM = { "content-type": "text/event-stream" };

/** What a model says with this stream: its step, or the class of its failure. */
async function ask(parts: readonly Buffer[], status = 200, headers: Record<string, string> = STREAM) {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of parts) controller.enqueue(new Uint8Array(part));
      controller.close();
    },
  });
  const fetch = async () => new Response(body, { status, headers });
  const model = createOpenAICompatible({ name: "openai", baseURL: "http://model", fetch }).chatModel("m");
  const inputSchema = jsonSchema({ type: "object" });
  const question = { system: "s", messages: [{ role: "user" as const, content: "q" }], isLast: false };
  try {
    const signal = new AbortController().signal;
    return {
      step: await askModel(model, {
        ...question,
        tools: { find: tool({ inputSchema }) },
        signal,
        onLife: () => undefined,
      }),
    };
  } catch (error) {
    return { failure: describeModelFailure(error), error };
  }
}

describe("a model's stream of any chunks", () => {
  it("is a step or a clear failure, the same wherever the network cuts", async () => {
    const printed = [jest.spyOn(console, "error"), jest.spyOn(console, "warn")];
    const open = new Set<Promise<unknown>>();
    await fc.assert(
      fc.asyncProperty(eventStream(chunk, end), cutSizes, async (bytes, sizes) => {
        const asked = Promise.all([ask([bytes]), ask(cutBytes(bytes, sizes))]);
        open.add(asked);
        const [whole, cut] = await asked;
        open.delete(asked);
        expect({ ...cut, error: undefined }).toEqual({ ...whole, error: undefined });
        if (whole.step !== undefined) {
          expect(whole.step.text.isWellFormed()).toBe(true);
          for (const { name, input } of whole.step.calls)
            expect([typeof name, typeof input, Array.isArray(input)]).toEqual(["string", "object", false]);
        } else {
          expect(whole.failure.code).not.toBe("internal");
          expect(JSON.stringify(whole.failure)).not.toContain(STREAM_WORDS);
        }
      }),
    );
    // A property that is stopped for its time tells nothing of what hangs.
    await Promise.all(open);
    for (const spy of printed) expect(spy).not.toHaveBeenCalled();
  });
});

describe("a model's endpoint that refuses, whatever it says", () => {
  it("is told in a few classes, without its words", async () => {
    const status = fc.constantFrom(
      300,
      400,
      401,
      402,
      403,
      404,
      408,
      409,
      413,
      422,
      425,
      429,
      500,
      503,
      529,
      599,
    );
    const says = mostly(
      fc.constantFrom(
        `context length: ${STREAM_WORDS}`,
        "content_filter",
        "insufficient_quota",
        "rate_limit",
      ),
    );
    const body = fc.oneof(
      fc.record({
        error: mostly(fc.record({ message: says, code: says, type: says }, { requiredKeys: [] })),
      }),
      oddValue(),
      says,
    );
    const pause = fc.constantFrom(
      "",
      "1",
      "99999999999",
      "-1",
      "soon",
      "Wed, 21 Oct 2099 07:28:00 GMT",
      STREAM_WORDS,
    );
    await fc.assert(
      fc.asyncProperty(status, body, pause, fc.boolean(), async (code, said, wait, isHalf) => {
        const text = JSON.stringify(said) ?? "";
        const parts = [Buffer.from(isHalf ? text.slice(0, text.length / 2) : text)];
        const { failure } = await ask(parts, code, {
          "content-type": "application/json",
          "retry-after": wait,
        });
        expect(failure).toBeDefined();
        expect(failure?.code).not.toBe("internal");
        expect(JSON.stringify(failure)).not.toContain(STREAM_WORDS);
        expect(failure?.pauseMs ?? 0).toBeGreaterThanOrEqual(0);
        expect(failure?.pauseMs ?? 0).toBeLessThanOrEqual(24 * 3600 * 1000);
      }),
    );
  });
});

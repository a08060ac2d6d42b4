import fc from "fast-check";

/** Lines that an agent prints where nobody asked it: updates, requests, answers, and what is none of them. */
export const SESSION = "s-1";
/** What must not get into a failure's words. */
export const AGENT_SECRET = "sk-secret-of-the-agent";

/** Of any types. */
const anyOf = (...values: unknown[]) => fc.constantFrom(...values);

export const odd = anyOf(
  ...[
    null,
    undefined,
    0,
    -1,
    1.5,
    1e300,
    true,
    "",
    AGENT_SECRET,
    "\u0000\ud800",
    "x".repeat(5000),
    [],
    {},
    [null],
  ],
  ...[{ toString: 1, valueOf: 1, toJSON: 1 }, { text: 1 }, { path: {} }, JSON.parse('{"__proto__":{"a":1}}')],
);
const often = (value: unknown) =>
  fc.oneof({ arbitrary: fc.constant(value), weight: 6 }, { arbitrary: odd, weight: 1 });
const paths = fc.constantFrom(
  "/etc/passwd",
  "../../..",
  "/proc/self/environ",
  "\0",
  "C:\\",
  "/dev/zero",
  "~/.ssh/id_rsa",
);
const oddPart = fc.oneof(
  odd,
  fc.record({ type: often("text"), text: often("说") }),
  fc.record({ type: fc.constant("diff"), path: fc.oneof(paths, odd), newText: odd }),
  fc.record({ type: fc.constant("content"), content: fc.record({ text: odd }) }),
);

const toolCall = fc.record(
  {
    toolCallId: often("t-1"),
    title: often("make"),
    kind: fc.constantFrom("execute", "read", "other", null, 7),
    status: fc.constantFrom("pending", "in_progress", "completed", "failed", 3),
    rawInput: fc.oneof(odd, fc.record({ command: odd, cwd: odd })),
    content: fc.oneof(odd, fc.array(oddPart, { maxLength: 3 })),
    locations: fc.oneof(odd, fc.array(fc.record({ path: fc.oneof(paths, odd) }), { maxLength: 2 })),
  },
  { requiredKeys: [] },
);
const kinds = [
  ...["agent_message_chunk", "agent_message_chunk", "agent_thought_chunk", "user_message_chunk", "tool_call"],
  ...[
    "tool_call_update",
    "plan",
    "available_commands_update",
    "current_mode_update",
    "usage_update",
    "tomorrow's",
  ],
  ...["constructor", "__proto__"],
];
const update = fc
  .record(
    {
      sessionUpdate: fc.oneof(
        { arbitrary: fc.constantFrom(...kinds), weight: 9 },
        { arbitrary: odd, weight: 1 },
      ),
      content: fc.oneof(oddPart, fc.array(oddPart, { maxLength: 2 })),
      messageId: fc.constantFrom("m-1", "m-2", null, 5),
      entries: fc.oneof(
        odd,
        fc.array(fc.oneof(odd, fc.record({ status: often("in_progress"), content: odd }))),
      ),
    },
    { requiredKeys: ["sessionUpdate"] },
  )
  .chain((one) => toolCall.map((tool) => ({ ...tool, ...one })));

const id = anyOf(0, 1, 2, 3, 4, -1, 1.5, 1e300, "1", "", "x".repeat(2000), null, true, [], {});
const options = fc.oneof(
  odd,
  fc.array(
    fc.record({
      optionId: often("a"),
      name: often("Yes"),
      kind: fc.constantFrom("allow_once", "allow_always", "reject_once", "?"),
    }),
    {
      maxLength: 3,
    },
  ),
);
const request = fc.oneof(
  fc.record({
    method: fc.constant("session/request_permission"),
    params: fc.oneof(
      odd,
      fc.record({ sessionId: often(SESSION), toolCall: fc.oneof(toolCall, odd), options }),
    ),
  }),
  fc.record({
    method: fc.constantFrom(
      "fs/read_text_file",
      "fs/write_text_file",
      "terminal/create",
      "terminal/output",
      "_x/y",
    ),
    params: fc.record({ sessionId: often(SESSION), path: fc.oneof(paths, odd), content: odd, command: odd }),
  }),
  fc.record({
    method: fc.oneof(odd, fc.constantFrom("initialize", "session/prompt", "$/cancel_request")),
    params: odd,
  }),
);

const chunk = fc.constantFrom("说", "a answer", "\ud83d").map((text) => {
  const content = { sessionUpdate: "agent_message_chunk", content: { type: "text", text } };
  return { method: "session/update", params: { sessionId: SESSION, update: content } };
});
/** One that gets to the person; the tool may be anything. */
const permission = fc.tuple(toolCall, fc.constantFrom("p-1", "p-2", 7)).map(([tool, number]) => {
  const choices = ["allow_always", "allow_once", "reject_once"].map((kind) => ({
    optionId: kind,
    name: kind,
    kind,
  }));
  const params = { sessionId: SESSION, toolCall: { ...tool, toolCallId: "t-1" }, options: choices };
  return { method: "session/request_permission", id: number, params };
});

const message = fc.oneof(
  { arbitrary: permission, weight: 3 },
  { arbitrary: chunk, weight: 5 },
  {
    arbitrary: fc
      .record({ sessionId: often(SESSION), update })
      .map((params) => ({ method: "session/update", params })),
    weight: 6,
  },
  { arbitrary: fc.tuple(request, id).map(([asked, number]) => ({ ...asked, id: number })), weight: 4 },
  { arbitrary: fc.tuple(id, odd).map(([number, result]) => ({ id: number, result })), weight: 1 },
  {
    arbitrary: fc
      .tuple(id, odd, odd)
      .map(([number, code, text]) => ({ id: number, error: { code, message: text } })),
    weight: 1,
  },
  {
    arbitrary: fc.record({
      method: fc.constant("$/cancel_request"),
      params: fc.oneof(odd, fc.record({ requestId: id })),
    }),
    weight: 1,
  },
  { arbitrary: odd, weight: 1 },
  { arbitrary: fc.jsonValue({ maxDepth: 2 }), weight: 1 },
);
const line = fc.oneof(
  {
    arbitrary: fc.tuple(message, fc.constantFrom("\n", "\n", "\n", "\r\n", "\n\n")).map(([value, end]) => {
      const whole =
        typeof value === "object" && value !== null && !Array.isArray(value)
          ? { jsonrpc: "2.0", ...value }
          : value;
      return Buffer.from(`${JSON.stringify(whole) ?? ""}${end}`);
    }),
    weight: 8,
  },
  {
    arbitrary: fc
      .constantFrom(
        "\uFEFF{}\n",
        "log line\n",
        "{\n",
        `${"[".repeat(20_000)}\n`,
        `{"id":${"9".repeat(400)},"method":"a"}\n`,
        "\r",
        "\0\n",
      )
      .map((text) => Buffer.from(text)),
    weight: 1,
  },
  {
    arbitrary: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.concat([bytes, Buffer.from("\n")])),
    weight: 1,
  },
);
export const hostileLines = fc.array(line, { maxLength: 8 }).map((all) => Buffer.concat(all));

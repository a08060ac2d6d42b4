import { describe, expect, it } from "@jest/globals";
import { redactFailure, redactLogLine, redactStack } from "./redact-failure.ts";

describe("redactFailure", () => {
  it.each([
    ["", ""],
    [
      "job stalled more than allowable limit",
      "job stalled more than allowable limit [redacted: 37 characters]",
    ],
    ["connect ECONNREFUSED 127.0.0.1:6379", "ECONNREFUSED [redacted: 35 characters]"],
    ['{"errcode":60020,"errmsg":"not allow ip"}', "errcode 60020 [redacted: 41 characters]"],
    ["errcode: -1, then errcode: 45009 for hello", "errcode -1 errcode 45009 [redacted: 42 characters]"],
    ["the person wrote: hello", "[redacted: 23 characters]"],
    ["EVERYTHING I WROTE", "[redacted: 18 characters]"],
  ])("%j", (reason, shown) => {
    expect(redactFailure(reason)).toBe(shown);
  });
});

describe("redactStack", () => {
  it("keeps the places in our code, its dependencies and Node, and nothing that was pasted", () => {
    const stack = [
      "Error: my text",
      "continues here",
      "    at run (/srv/gateway/services/worker/src/turn/process-turn.ts:90:7)",
      "    at async Worker.retryIfFailed (/srv/node_modules/.pnpm/bullmq@6.7.0/node_modules/bullmq/dist/cjs/classes/worker.js:1:2)",
      "    at node:internal/process/task_queues:95:5",
      "    at secretProject (/home/alice/secret/app.ts:1:1)",
    ].join("\n");
    expect(redactStack(stack)).toBe(
      [
        "[redacted: 14 characters]",
        "    at services/worker/src/turn/process-turn.ts:90:7",
        "    at node_modules/.pnpm/bullmq@6.7.0/node_modules/bullmq/dist/cjs/classes/worker.js:1:2",
        "    at node:internal/process/task_queues:95:5",
      ].join("\n"),
    );
  });

  it("takes no time over a hostile one", () => {
    const startedAtMs = performance.now();
    redactStack(`    at ${"(".repeat(10_000)}\n`.repeat(50));
    redactStack(`    at ${"packages/a/src/".repeat(10_000)}`);
    expect(performance.now() - startedAtMs).toBeLessThan(2000);
  });
});

describe("redactLogLine", () => {
  it("shows the known fields of a JSON line and hides prose", () => {
    expect(redactLogLine('{"state":"sent","attempt":1,"text":"hi"}')).toBe(
      '{"state":"sent","attempt":1,"text":"[redacted: 2 characters]"}',
    );
    expect(redactLogLine("agent said hi")).toBe("[redacted: 13 characters]");
    expect(redactLogLine('"agent said hi"')).toBe("[redacted: 15 characters]");
  });
});

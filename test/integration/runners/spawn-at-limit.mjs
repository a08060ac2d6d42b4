// Meets the limit of open files on purpose, and tells what a runner and an agent's start make of it. One line of JSON.
import { closeSync, openSync } from "node:fs";
import { startProcess } from "../../../services/worker/dist/runners/acp/agent-process.js";
import { createCommandRunner } from "../../../services/worker/dist/runners/command.js";

const logger = { warn: () => undefined };
const runner = createCommandRunner(
  { kind: "command", command: [process.execPath, "-e", ""], output: "text", timeoutMs: 10_000, env: [] },
  /** @type {any} */ ({ logger, env: {} }),
);
const conversation = { corpId: "ww1", agentId: "2", userId: "anna", id: "ww1:2:anna" };
const turn = { id: "re-1", attempt: 1, conversation, messages: [], attachments: [], text: "hello" };
const io = { signal: new AbortController().signal };

/** @type {number[]} */
const opened = [];
try {
  for (;;) opened.push(openSync("/dev/null", "r"));
} catch {
  // That is the limit.
}
const result = await runner.run(/** @type {any} */ (turn), /** @type {any} */ (io));
let thrown = "nothing";
try {
  startProcess(/** @type {any} */ ({ command: [process.execPath], env: {} }), "/");
} catch (error) {
  thrown = /** @type {any} */ (error).code ?? String(error);
}
for (const one of opened) closeSync(one);
process.stdout.write(JSON.stringify({ result, thrown }));

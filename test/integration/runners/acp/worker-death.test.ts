import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { cookieHolders } from "../../../../services/worker/src/runners/acp/processes.ts";
import { REPOSITORY } from "../../../support/process.ts";
import type { Stack } from "../../../support/stack.ts";
import { startStack } from "../../../support/stack.ts";
import { waitUntil } from "../../../support/wait-until.ts";

let stack: Stack;
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "gateway-acp-"));
  const command = [process.execPath, join(REPOSITORY, "test/support/acp-agent.mjs")];
  stack = await startStack({
    apps: [{ name: "main", settings: { runner: { kind: "acp", command } } }],
    env: { AGENT_WORKSPACE_DIR: dir, WORKER_DEAD_AFTER_SECONDS: "1", TURN_QUIET_MS: "0" },
  });
}, 120_000);
afterAll(async () => {
  await stack?.stop();
  await rm(dir, { recursive: true, force: true });
});

async function journal(): Promise<string> {
  const files = await readdir(dir, { recursive: true });
  const journals = files.filter((file) => file.endsWith("journal.jsonl"));
  return (await Promise.all(journals.map((file) => readFile(join(dir, file), "utf8")))).join("");
}

const agentsOf = async (pid: number) =>
  (await cookieHolders()).filter(({ cookie }) => cookie.startsWith(`${pid}-`)).length;

describe("kill -9 of a worker in the middle of a turn", () => {
  it("leaves no agent; the next worker goes on with the turn, which is answered once", async () => {
    const [worker] = stack.workers;
    if (worker === undefined) throw new Error("there is no worker");
    await stack.emulator.pushText({ app: "main", user: "zhangsan", text: "deed" });
    await waitUntil("the agent acts", async () => (await journal()).includes('"deed":"s-'), {
      timeoutMs: 60_000,
      describe: stack.logs,
    });
    const { pid } = worker.process;
    expect(await agentsOf(pid)).toBe(1);
    await worker.kill("SIGKILL");
    // Nobody has started another worker yet.
    await waitUntil("no agent is left", async () => (await agentsOf(pid)) === 0);
    await worker.start();
    const answers = () =>
      stack.emulator
        .sent({ user: "zhangsan" })
        .flatMap(({ content }) =>
          content.kind === "text" && content.text.includes("continued") ? [content.text] : [],
        );
    await waitUntil("the turn is answered", () => answers().length > 0, {
      timeoutMs: 60_000,
      describe: stack.logs,
    });
    await stack.emulator.pushText({ app: "main", user: "zhangsan", text: "echo" });
    await waitUntil(
      "the next one is answered",
      () =>
        stack.emulator
          .sent({ user: "zhangsan" })
          .some(({ content }) => JSON.stringify(content).includes("messages")),
      { timeoutMs: 60_000, describe: stack.logs },
    );
    expect(answers()).toEqual(["continued: deed"]);
    expect((await journal()).match(/"deed"\]/g)).toHaveLength(1);
  }, 240_000);
});

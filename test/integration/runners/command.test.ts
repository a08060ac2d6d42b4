import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { createCommandRunner } from "../../../services/worker/src/runners/command.ts";
import { isAlive } from "../../support/is-alive.ts";
import type { Subject } from "./contract/subject.ts";
import { describeRunnerContract } from "./contract.ts";

const AGENT = fileURLToPath(new URL("command-agent.mjs", import.meta.url));
const SECRET = "canary-of-the-operator";

describeRunnerContract(
  "command",
  {
    approvals: "none",
    progress: false,
    steer: false,
    memory: "none",
    afterCrash: "again",
    timeLimit: true,
    cannot: ["progress", "ask", "remember", "recall"],
  },
  startPrograms,
);

/** Real programs, that leave what they were given and who they are in a directory. */
async function startPrograms(): Promise<Subject> {
  const folder = await mkdtemp(join(tmpdir(), "command-agent-"));
  const lines: string[] = [];
  const logger = pino({ level: "debug" }, { write: (line) => void lines.push(line) });
  const env = { PATH: process.env.PATH, AGENT_TOKEN: SECRET };
  const create = (program: string, timeoutMs = 120_000) =>
    createCommandRunner(
      { kind: "command", command: [program, AGENT, folder], output: "text", env: ["AGENT_TOKEN"], timeoutMs },
      { logger, env },
    );
  const read = async (file: string) =>
    (await readFile(join(folder, file), "utf8").catch(() => "")).split("\n").filter((line) => line !== "");
  const given = async (): Promise<string[]> => (await read("given")).map((line) => JSON.parse(line));
  await appendFile(join(folder, "given"), "");
  return {
    runner: ({ timeoutMs } = {}) => create(process.execPath, timeoutMs),
    broken: () => create("/no/such/program"),
    say(act, id) {
      const unable = ["progress", "ask", "remember", "recall"].includes(act.do);
      return unable ? undefined : `${JSON.stringify({ ...act, id })}\n`;
    },
    given: async (id) => (await given()).filter((text) => text.includes(id)),
    release: (id) => writeFile(join(folder, `free-${id}`), ""),
    left: async () => (await read("pids")).filter((pid) => isAlive(Number(pid))).length,
    secrets: [SECRET],
    logs: () => lines.join(""),
    stop: () => rm(folder, { recursive: true }),
  };
}

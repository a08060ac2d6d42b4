import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { McpServerConfig } from "@gateway/service-kit";
import { pino } from "pino";
import { createOpenaiRunner } from "../../../services/worker/src/runners/openai/openai-runner.ts";
import type { OpenaiConfig } from "../../../services/worker/src/runners/openai/run.ts";
import { isAlive } from "../../support/is-alive.ts";
import type { ModelAnswer, ModelRequest, ModelServer } from "../../support/model-server.ts";
import { startModelServer } from "../../support/model-server.ts";
import { waitUntil } from "../../support/wait-until.ts";

export const TOOL_SERVER = fileURLToPath(new URL("../../support/tool-server.mjs", import.meta.url));
export const MODEL_KEY = "canary-key-of-the-model";

/** A folder that tool servers leave their traces in; see tool-server.mjs. */
export async function createToolFolder() {
  const folder = await mkdtemp(join(tmpdir(), "openai-tools-"));
  const read = async (file: string) =>
    (await readFile(join(folder, file), "utf8").catch(() => "")).split("\n").filter((line) => line !== "");
  await appendFile(join(folder, "calls"), "");
  return {
    folder,
    /** What took effect, in order. */
    calls: () => read("calls"),
    pids: async () => (await read("pids")).map(Number),
    alive: async () => (await read("pids")).filter((pid) => isAlive(Number(pid))).length,
    /** That one does not list its tools any more. */
    break: (pid: number) => writeFile(join(folder, "broken"), `${pid}`),
    free: () => writeFile(join(folder, "free"), ""),
    remove: () => rm(folder, { recursive: true }),
  };
}

export function toolServer(options: Partial<McpServerConfig> = {}): McpServerConfig {
  return {
    name: "desk",
    command: [process.execPath, TOOL_SERVER],
    env: ["TOOLS_DIR", "TOOLS_STUBBORN", "TOOLS_KEY"],
    approve: "never",
    timeoutMs: 60_000,
    ...options,
  } as McpServerConfig;
}

/** A runner with a model that plays; everything is closed by `stop`. */
export async function startOpenai(
  play: (request: ModelRequest, index: number) => ModelAnswer | Promise<ModelAnswer>,
) {
  const server: ModelServer = await startModelServer(play);
  const tools = await createToolFolder();
  const lines: string[] = [];
  const logger = pino({ level: "debug" }, { write: (line) => void lines.push(line) });
  const runners: ReturnType<typeof createOpenaiRunner>[] = [];
  return {
    server,
    tools,
    logs: () => lines.join(""),
    runner(options: Partial<OpenaiConfig> = {}, env: Record<string, string> = {}) {
      const config: OpenaiConfig = {
        kind: "openai",
        url: server.url,
        apiKey: MODEL_KEY,
        model: "m",
        images: false,
        contextTokens: 64_000,
        maxSteps: 10,
        stallMs: 5000,
        mcpServers: [],
        timeoutMs: 120_000,
        ...options,
      };
      const runner = createOpenaiRunner(config, {
        logger,
        env: { PATH: process.env.PATH, TOOLS_DIR: tools.folder, CANARY: "canary-of-the-worker", ...env },
        mediaDirs: [],
        pauseMs: 5,
      });
      runners.push(runner);
      return runner;
    },
    async stop() {
      await Promise.all(runners.map((runner) => runner.shutdown()));
      await waitUntil("no tool server is left", async () => (await tools.alive()) === 0);
      await server.close();
      await tools.remove();
    },
  };
}

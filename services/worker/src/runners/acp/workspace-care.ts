import { execFile } from "node:child_process";
import { lstat, readdir, rm, utimes } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { AcpConfig } from "@gateway/service-kit";
import { AgentFailure } from "./failures.ts";
import { asUser } from "./isolation.ts";
import type { Workspace } from "./workspace.ts";

const execute = promisify(execFile);

const KEEP_FILES_DAYS = 7;
/** A workspace that nobody has used for this long is removed. */
const KEEP_WORKSPACE_MS = 90 * 24 * 3600 * 1000;
const CHILD_LIMITS = { timeout: 60_000, maxBuffer: 64 * 1024 };

type Isolation = Pick<AcpConfig, "isolation" | "homeTemplate">;

/**
 * Makes a workspace ready for an agent that is about to start: nothing temporary, no old files, the operator's settings. What
 * lies in the agent's directories is touched as the agent's own user: it may have put links there.
 *
 * @throws AgentFailure when the template cannot be copied
 */
export async function prepareWorkspace(config: Isolation, workspace: Workspace): Promise<void> {
  const asAgent = asUser({ isolation: config.isolation === "pidns" ? "uid" : config.isolation }, workspace);
  const run = (...words: string[]) => {
    const [program = "", ...args] = [...asAgent, ...words];
    return execute(program, args, { ...CHILD_LIMITS, cwd: workspace.home });
  };
  const [now] = [new Date()];
  await utimes(workspace.dir, now, now);
  await run("find", workspace.tmp, "-mindepth", "1", "-delete").catch(() => undefined);
  const old = ["-mindepth", "1", "-type", "f", "-mtime", `+${KEEP_FILES_DAYS}`, "-delete"];
  await run("find", workspace.outbox, ...old).catch(() => undefined);
  // Ours, and nobody else's to change.
  await execute("find", [workspace.inbox, ...old], CHILD_LIMITS).catch(() => undefined);
  if (config.homeTemplate === undefined) return;
  await run("cp", "-R", "--", `${config.homeTemplate}/.`, workspace.home).catch(() => {
    throw new AgentFailure(
      "config",
      `The template ${config.homeTemplate} could not be copied into an agent's home: it has to be readable by every user.`,
    );
  });
}

/** @throws AgentFailure when the agent keeps more than it may */
export async function checkQuota({ dir }: Workspace, limitBytes: number): Promise<void> {
  const { stdout } = await execute("du", ["-sk", dir], CHILD_LIMITS).catch(() => ({ stdout: "" }));
  const bytes = Number.parseInt(stdout, 10) * 1024;
  if (bytes > limitBytes)
    throw new AgentFailure(
      "config",
      `${dir} holds more than AGENT_WORKSPACE_LIMIT_MB: remove what is not needed, or raise the limit.`,
    );
}

/** Removes workspaces that have not been used for long. `agentDir` holds those of one kind of agent. */
export async function sweepWorkspaces(agentDir: string, nowMs: number): Promise<void> {
  for (const name of await readdir(agentDir).catch(() => [])) {
    const dir = join(agentDir, name);
    const found = await lstat(dir).catch(() => undefined);
    if (!found?.isDirectory() || nowMs - found.mtimeMs < KEEP_WORKSPACE_MS) continue;
    await rm(dir, { recursive: true, force: true });
  }
}

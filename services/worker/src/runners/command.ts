import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import type { MaskText, RunnerConfig } from "@gateway/service-kit";
import { createMaskText } from "@gateway/service-kit";
import type { Logger } from "pino";
import { readAgentAnswer } from "./agent-answer.ts";
import { childEnv } from "./child-env.ts";
import { collectOutput } from "./child-output.ts";
import { findProgram } from "./find-program.ts";
import { killGroup } from "./kill-group.ts";
import type { AgentRunner, RunFailureCode, Turn, TurnIO, TurnResult } from "./runner.ts";
import { codeOf, describeSpawnLimit } from "./spawn-limit.ts";

const STDOUT_LIMIT_BYTES = 1024 * 1024;
const STDERR_KEEP_BYTES = 16 * 1024;
const KILL_AFTER_TERM_MS = 3000;

type CommandConfig = Extract<RunnerConfig, { kind: "command" }>;

/**
 * A child process per turn: the text on stdin, the context as JSON in GATEWAY_MESSAGE, the reply on stdout.
 * A non-zero exit is a failed run; the end of stderr goes to the log.
 */
export function createCommandRunner(
  config: CommandConfig,
  deps: { logger: Logger; env: Readonly<Record<string, string | undefined>> },
): AgentRunner {
  const running = new Set<ChildProcess>();
  const mask = createMaskText(config.env.flatMap((name) => deps.env[name] ?? []));
  return {
    kind: "command",
    probe: () => probeCommand(config, deps.env.PATH ?? ""),
    async run(turn, io) {
      let child: ChildProcess;
      try {
        child = spawnAgent(config, deps.env, turn);
      } catch (error) {
        return notStarted(error);
      }
      running.add(child);
      try {
        return await superviseChild(child, { config, turn, io, logger: deps.logger, mask });
      } finally {
        running.delete(child);
      }
    },
    async shutdown() {
      for (const child of running) killGroup(child, "SIGKILL");
    },
  };
}

function spawnAgent(
  config: CommandConfig,
  env: Readonly<Record<string, string | undefined>>,
  turn: Turn,
): ChildProcess {
  const [program = "", ...args] = config.command;
  const last = turn.messages.at(-1)?.message;
  const context = {
    corpId: turn.conversation.corpId,
    agentId: turn.conversation.agentId,
    userId: turn.conversation.userId,
    conversationId: turn.conversation.id,
    app: turn.appName,
    turnId: turn.id,
    attempt: turn.attempt,
    messageId: turn.messages.at(-1)?.id,
    messageType: last?.kind,
    messages: turn.messages.map(({ id, message }) => ({ id, type: message.kind })),
    attachments: turn.attachments,
  };
  // Its own process group, so that stopping it also stops what it started.
  return spawn(program, args, {
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...childEnv(env, config.env), GATEWAY_MESSAGE: JSON.stringify(context) },
  });
}

async function superviseChild(
  child: ChildProcess,
  run: { config: CommandConfig; turn: Turn; io: TurnIO; logger: Logger; mask: MaskText },
): Promise<TurnResult> {
  const { config, turn, io } = run;
  let stopped: "cancelled" | "timeout" | "output" | undefined;
  const stop = (why: NonNullable<typeof stopped>) => {
    stopped ??= why;
    terminate(child);
  };
  const onAbort = () => stop("cancelled");
  const timer = setTimeout(() => stop("timeout"), config.timeoutMs);
  if (io.signal.aborted) onAbort();
  io.signal.addEventListener("abort", onAbort);
  try {
    const output = collectOutput(child, {
      stdoutLimitBytes: STDOUT_LIMIT_BYTES,
      stderrKeepBytes: STDERR_KEEP_BYTES,
      onOverflow: () => stop("output"),
    });
    // An agent that does not read its input closes the pipe; its answer still counts.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(turn.text);
    const ended = await output;
    if (ended.stderr !== "")
      run.logger.warn({ turnId: turn.id, stderr: run.mask(ended.stderr) }, "agent wrote to stderr");
    if (stopped === "cancelled") return { status: "cancelled" };
    if (stopped !== undefined) return failure(stopped, limitText(stopped, config));
    return toResult(ended, config);
  } finally {
    clearTimeout(timer);
    io.signal.removeEventListener("abort", onAbort);
    // Whatever the program left behind in its group goes with it.
    killGroup(child, "SIGKILL");
  }
}

function toResult(
  ended: {
    error?: Error;
    code: number | null;
    killedBy: string | null;
    stdout: string;
  },
  { output }: Pick<CommandConfig, "output">,
): TurnResult {
  if (ended.error !== undefined) return notStarted(ended.error);
  if (ended.code !== 0) {
    const how = ended.killedBy === null ? `exit code ${ended.code}` : `signal ${ended.killedBy}`;
    const detail = `The agent command ended with ${how}; its stderr is in the log.`;
    return failure("agent", detail, wasToldToEnd(ended));
  }
  const text = ended.stdout.trim();
  if (text === "") return failure("empty", "The agent command ended well but printed nothing.");
  if (output === "text") return { status: "done", text };
  const answer = readAgentAnswer(text);
  if (answer.ok) {
    const { ok: _, ...said } = answer;
    return { status: "done", ...said };
  }
  const detail = `The agent command did not print the JSON that AGENT_OUTPUT=json asks for: ${answer.problem}.`;
  return failure("protocol", detail);
}

function notStarted(error: unknown): TurnResult {
  const limit = describeSpawnLimit(codeOf(error));
  const why = limit ?? (error instanceof Error ? error.message : String(error));
  // Nothing has run.
  return failure(
    limit === undefined ? "config" : "internal",
    `The agent command could not be started: ${why}.`,
    limit !== undefined,
  );
}

/** SIGHUP, SIGINT and SIGTERM, as a signal or as the exit code that programs make of it by custom. */
const TOLD_TO_END = ["SIGHUP", "SIGINT", "SIGTERM", 129, 130, 143];

/**
 * Not by this runner: a service manager or a terminal that ends a worker may tell its agents as well. Such a run was
 * interrupted, like one whose worker was killed, and did not fail. SIGKILL is not among them: where the kernel is
 * short of memory, the next run would end the same way.
 */
function wasToldToEnd({ code, killedBy }: { code: number | null; killedBy: string | null }): boolean {
  return TOLD_TO_END.includes(killedBy ?? code ?? "");
}

function limitText(stopped: "timeout" | "output", config: CommandConfig): string {
  return stopped === "timeout"
    ? `The agent command ran longer than ${config.timeoutMs / 1000} s and was stopped.`
    : `The agent command printed more than ${STDOUT_LIMIT_BYTES} bytes and was stopped.`;
}

function failure(
  code: RunFailureCode,
  detail: string,
  // A program may have acted before it failed; running it again is the person's decision.
  retryable = false,
): TurnResult {
  return { status: "failed", code, retryable, detail };
}

function terminate(child: ChildProcess): void {
  killGroup(child, "SIGTERM");
  setTimeout(() => killGroup(child, "SIGKILL"), KILL_AFTER_TERM_MS).unref();
}

async function probeCommand(
  config: CommandConfig,
  path: string,
): Promise<{ ok: true } | { ok: false; problem: string }> {
  const [program = ""] = config.command;
  if (program === "") return { ok: false, problem: "The agent command is empty. Set AGENT_COMMAND." };
  if ((await findProgram(program, path)) !== undefined) return { ok: true };
  return { ok: false, problem: `The agent command "${program}" was not found or may not be executed.` };
}

import { chmod, copyFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Decision, InboundMessage } from "@gateway/conversation";
import { conversationId } from "@gateway/conversation";
import type { AcpConfig } from "@gateway/service-kit";
import { expect } from "@jest/globals";
import { pino } from "pino";
import type { AcpDeps } from "../../../../services/worker/src/runners/acp/acp.ts";
import { createAcpRunner } from "../../../../services/worker/src/runners/acp/acp.ts";
import { cookieHolders, ownerName } from "../../../../services/worker/src/runners/acp/processes.ts";
import type {
  AgentEvent,
  AgentRunner,
  Turn,
  TurnIO,
  TurnResult,
} from "../../../../services/worker/src/runners/runner.ts";
import { REPOSITORY } from "../../../support/process.ts";
import { waitUntil } from "../../../support/wait-until.ts";

export interface AcpHarness {
  readonly dir: string;
  readonly runner: AgentRunner;
  /** One more, in the same place. The caller shuts it down. */
  create(options?: Pick<HarnessOptions, "flags" | "config" | "env">): AgentRunner;
  /** What the worker logged. */
  readonly lines: string[];
  /** Runs one turn to its end. */
  say(text: string, options?: SayOptions): Promise<TurnResult>;
  /** Begins one. */
  begin(text: string, options?: SayOptions): Begun;
  /** What the agents of everybody have noted, oldest first. */
  journal(): Promise<readonly Readonly<Record<string, unknown>>[]>;
  noted(key: string): Promise<Readonly<Record<string, unknown>>>;
  stop(): Promise<void>;
}

export interface SayOptions {
  readonly user?: string;
  readonly turn?: Partial<Turn>;
  readonly approve?: TurnIO["approve"] | Decision | "expired";
}

export interface Begun {
  readonly result: Promise<TurnResult>;
  readonly events: AgentEvent[];
  readonly checkpoints: Parameters<TurnIO["checkpoint"]>[0][];
  abort(reason: string): void;
}

export interface HarnessOptions {
  /** Of the scripted agent. */
  readonly flags?: readonly string[];
  readonly config?: Partial<AcpConfig>;
  readonly env?: Readonly<Record<string, string>>;
  readonly limits?: AcpDeps["limits"];
  readonly worker?: Partial<AcpDeps["worker"]["workspaces"] & { readonly name: string }>;
  /** Of an earlier harness, which keeps it. */
  readonly dir?: string;
}

/** A runner with the scripted agent. Ends with a look for what it has left running. */
export async function startAcp(options: HarnessOptions = {}): Promise<AcpHarness> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), "gateway-acp-")));
  // Other users of the system may run it, wherever the repository is.
  await chmod(dir, 0o711);
  const script = join(dir, "agent.mjs");
  await copyFile(join(REPOSITORY, "test/support/acp-agent.mjs"), script);
  const lines: string[] = [];
  const logger = pino({ level: "debug" }, { write: (line: string) => void lines.push(line) });
  const { name = "one", ...workspaces } = options.worker ?? {};
  const root = join(dir, "workspaces");
  const create = (own: Pick<HarnessOptions, "flags" | "config" | "env"> = options) =>
    createAcpRunner(
      {
        kind: "acp",
        command: [process.execPath, script, ...(own.flags ?? [])],
        ...{ env: [], mcpServers: [], timeoutMs: 60_000, isolation: "none" },
        ...own.config,
      },
      {
        logger,
        env: { PATH: process.env.PATH, SECRET_OF_THE_WORKER: "canary-in-the-environment", ...own.env },
        worker: {
          name,
          workspaces: { dir: root, shared: false, limitBytes: 1e9, maxProcesses: 10, ...workspaces },
        },
        now: Date.now,
        ...(options.limits === undefined ? {} : { limits: options.limits }),
      },
    );
  const runner = create();
  let turns = 0;
  const begin = (text: string, { user = "zhangsan", turn, approve = "approved" }: SayOptions = {}): Begun => {
    const stop = new AbortController();
    const events: AgentEvent[] = [];
    const checkpoints: Begun["checkpoints"] = [];
    const io: TurnIO = {
      signal: stop.signal,
      emit: (event) => void events.push(event),
      approve: typeof approve === "function" ? approve : async () => approve,
      onSteer: () => undefined,
      checkpoint: async (checkpoint) => void checkpoints.push(checkpoint),
    };
    turns += 1;
    const result = runner.run({ ...describeTurn(`re-${turns}`, user, text), ...turn }, io);
    return { result, events, checkpoints, abort: (reason) => stop.abort(reason) };
  };
  const journal = async () => {
    const files = await readdir(root, { recursive: true }).catch(() => []);
    const found = await Promise.all(
      files
        .filter((file) => file.endsWith("journal.jsonl"))
        .map((file) => readFile(join(root, file), "utf8")),
    );
    return found.flatMap((text) =>
      text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    );
  };
  return {
    dir,
    create,
    runner,
    lines,
    begin,
    say: (text, more) => begin(text, more).result,
    journal,
    noted: (key) =>
      waitUntil(`the agent notes ${key}`, async () => (await journal()).find((entry) => key in entry)),
    async stop() {
      await runner.shutdown();
      expect(await ownAgents()).toEqual([]);
      if (options.dir === undefined) await rm(dir, { recursive: true, force: true });
    },
  };
}

/** What carries a cookie of this process. */
export async function ownAgents(): Promise<number[]> {
  const owner = await ownerName();
  return (await cookieHolders()).flatMap(({ pid, cookie }) => (cookie.startsWith(`${owner}.`) ? [pid] : []));
}

function describeTurn(id: string, userId: string, text: string): Turn {
  const ref = { corpId: "ww1", agentId: "2", userId };
  const message: InboundMessage = {
    ...{ v: 1, id: `cb-${id}`, appName: "app", ...ref, receivedAtMs: 0 },
    message: {
      ...{ kind: "text", content: text, msgId: "7", toUserName: "ww1" },
      ...{ fromUserName: userId, createTime: 0, agentId: "2" },
    },
  };
  return {
    ...{ id, attempt: 1, conversation: { ...ref, id: conversationId(ref) }, session: { epoch: 0 } },
    ...{ appName: "app", messages: [message], text, history: async () => [], steps: [], attachments: [] },
  };
}

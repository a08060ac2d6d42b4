import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { plantSecret } from "../support/planted-secrets.ts";
import type { ServiceHandle } from "../support/service.ts";
import type { Stack, StackOptions } from "../support/stack.ts";
import { startStack } from "../support/stack.ts";
import { waitUntil } from "../support/wait-until.ts";
import type { AgentJournal } from "./agent-journal.ts";
import { createAgentJournal } from "./agent-journal.ts";
import { readConversation } from "./conversation-names.ts";
import type { History, HistoryEvent } from "./history.ts";
import { createHistory } from "./history.ts";
import { lookForTokens, readDeadLetters, readSends, textOf } from "./read-outcome.ts";
import { createServiceEnds } from "./service-ends.ts";
import { untilQuiet } from "./until-quiet.ts";
import type { WorkerDeaths } from "./worker-deaths.ts";
import { watchWorkerDeaths } from "./worker-deaths.ts";

/** Far more than a test sends: the gateway is judged here, not the limits of the platform. */
const NO_LIMITS = { memberPerMinute: 1e6, memberPerHour: 1e6, accounts: 1e6 };

export interface FaultStackOptions {
  readonly ingress?: number;
  readonly workers?: number;
  readonly console?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly envOf?: StackOptions["envOf"];
  readonly redisPort?: number;
  readonly redisDir?: string;
  readonly nice?: number;
  readonly between?: StackOptions["between"];
  /** See conversation-names.ts. Default "main" alone. */
  readonly apps?: readonly string[];
}

/** The gateway in real processes with the agent of these tests, everything that happens written into a history. */
export interface FaultStack {
  readonly stack: Stack;
  readonly redis: Redis;
  readonly journal: AgentJournal;
  /** One attempt of WeCom's to bring a message; true when it was acknowledged. */
  push(message: { conversation: string; id: string; text: string }, replica?: number): Promise<boolean>;
  /** The worker that runs a message, once its agent has started for the n-th time. */
  runner(message: string, nth?: number): Promise<ServiceHandle>;
  kill(service: ServiceHandle, signal?: NodeJS.Signals): Promise<void>;
  /** As a deploy does it. */
  replace(service: ServiceHandle): Promise<void>;
  /** It was killed by something else. */
  noteKilled(worker: ServiceHandle): void;
  /** By SIGSTOP and SIGCONT, unless `how` does it in another way. */
  freeze(worker: ServiceHandle, how?: () => void): void;
  thaw(worker: ServiceHandle, how?: () => void): void;
  note(what: string, how: string): void;
  /** Waits until nothing is queued, running or unsent. */
  untilQuiet(timeoutMs: number): Promise<void>;
  /** What a person sees of a conversation, oldest first. */
  shown(conversation: string): readonly string[];
  /** Everything so far. */
  history(): Promise<readonly HistoryEvent[]>;
  stop(): Promise<void>;
}

export async function startFaultStack(options: FaultStackOptions): Promise<FaultStack> {
  // The journal lies in the directory of the run, which the end of the run removes.
  const journal = createAgentJournal(
    join(process.env.TEST_RUN_DIR ?? "/tmp", `journal-${process.hrtime.bigint()}`),
  );
  const stack = await startStack({
    ingress: options.ingress ?? 1,
    workers: options.workers ?? 2,
    console: options.console ?? false,
    ...(options.nice === undefined ? {} : { nice: options.nice }),
    ...(options.envOf === undefined ? {} : { envOf: options.envOf }),
    ...(options.between === undefined ? {} : { between: options.between }),
    ...(options.apps === undefined ? {} : { apps: options.apps }),
    // What Redis acknowledges is on the disk: a SIGKILL of Redis must lose nothing.
    redis: {
      extraArgs: ["--appendfsync", "always"],
      ...(options.redisPort === undefined ? {} : { port: options.redisPort }),
      ...(options.redisDir === undefined ? {} : { dir: options.redisDir }),
    },
    emulator: {
      rules: NO_LIMITS,
      retention: { messages: 100_000, pushes: 100_000, messageBytes: 1 << 30 },
      // Retries are ours, so that each may meet another replica.
      callbackPolicy: { attempts: 1 },
    },
    env: {
      AGENT_RUNNER: "command",
      AGENT_COMMAND: '["/bin/sh", "test/faults/agent.sh"]',
      AGENT_COMMAND_ENV: "JOURNAL_FILE",
      JOURNAL_FILE: journal.file,
      TURN_QUIET_MS: "0",
      WORKER_DEAD_AFTER_SECONDS: "2",
      ...options.env,
    },
  });
  const history = createHistory();
  const deaths = watchWorkerDeaths(stack.workers, history);
  return assemble(stack, journal, history, deaths);
}

function assemble(stack: Stack, journal: AgentJournal, history: History, deaths: WorkerDeaths): FaultStack {
  const redis = stack.redis.client();
  const ends = createServiceEnds(stack);
  const worker = (service: ServiceHandle, what: "killed" | "frozen" | "thawed" | "told") =>
    history.record({ type: "worker", worker: service.process.pid, what, atMs: Date.now() });
  return {
    stack,
    redis,
    journal,
    push: createPush(stack, history),
    async runner(message, nth = 1) {
      const start = await waitUntil(
        `run ${nth} of ${message} starts`,
        () => journal.starts(message)[nth - 1],
        {
          timeoutMs: 30_000,
          describe: () => stack.logs().slice(-5000),
        },
      );
      const found = stack.workers.find(({ process }) => process.pid === start.worker);
      if (found === undefined) throw new Error(`no worker has the pid ${start.worker}`);
      return found;
    },
    async kill(service, signal = "SIGKILL") {
      ends.expect(service);
      if (stack.workers.includes(service)) worker(service, signal === "SIGKILL" ? "killed" : "told");
      await service.kill(signal);
    },
    replace: (service) =>
      stack.replace(service, () => {
        ends.expect(service);
        if (stack.workers.includes(service)) worker(service, "told");
      }),
    noteKilled(service) {
      ends.expectKilled(service);
      worker(service, "killed");
    },
    freeze(service, how = () => service.process.signal("SIGSTOP")) {
      worker(service, "frozen");
      how();
    },
    thaw(service, how = () => service.process.signal("SIGCONT")) {
      worker(service, "thawed");
      how();
    },
    note: (what, how) => history.record({ type: "fault", what, how, atMs: Date.now() }),
    untilQuiet: (timeoutMs) => untilQuiet(stack, redis, timeoutMs),
    shown: (conversation) =>
      stack.emulator.seen(readConversation(conversation)).map(({ request }) => textOf(request)),
    async history() {
      deaths.look();
      await lookForTokens(redis, stack);
      return [
        ...history.events(),
        ...journal.read(),
        ...readSends(stack),
        ...(await readDeadLetters(redis, stack.prefix)),
        ...(await ends.read()),
      ];
    },
    async stop() {
      deaths.stop();
      await stack.stop();
      journal.killOrphans();
    },
  };
}

function createPush(stack: Stack, history: History): FaultStack["push"] {
  const pushed = new Map<string, string>();
  // Said with every message: what people write may stand in no log.
  const words = randomBytes(12).toString("hex");
  plantSecret("what a person wrote", words);
  return async ({ conversation, id, text }, replica = 0) => {
    const callbackUrl = stack.callbackUrls[replica % stack.callbackUrls.length] ?? "";
    history.record({ type: "push", message: id, conversation, atMs: Date.now(), replica });
    const before = pushed.get(id);
    const record = await (before === undefined
      ? stack.emulator.pushText({
          ...readConversation(conversation),
          text: text.startsWith("/") ? text : `${text} words=${words}`,
          msgId: id,
          callbackUrl,
        })
      : stack.emulator.repeatPush(before, { callbackUrl }));
    pushed.set(id, record.id);
    const attempt = record.attempts.at(-1);
    const acknowledged = attempt?.status === 200 && attempt.answer !== "other";
    if (acknowledged) history.record({ type: "ack", message: id, atMs: Date.now() });
    return acknowledged;
  };
}

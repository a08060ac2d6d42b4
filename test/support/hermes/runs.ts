import { createHash, randomUUID } from "node:crypto";
import { EventEmitter, once, setMaxListeners } from "node:events";

export type Ends = "completed" | "failed" | "cancelled" | "interrupted";
const ENDS: readonly string[] = ["completed", "failed", "cancelled", "interrupted"] satisfies Ends[];

export interface RunBody {
  readonly input: string | readonly { readonly role: string; readonly content: unknown }[];
  readonly session_id?: string;
  readonly instructions?: string;
}

/** What the agent of a test does with a run; what it resolves with is the answer. */
export type HermesAgent = (run: AgentView) => Promise<string>;

export interface AgentView {
  readonly id: string;
  readonly text: string;
  readonly body: RunBody;
  /** What was said in the session before. */
  readonly history: readonly { readonly role: "user" | "assistant"; readonly text: string }[];
  /** Fires when the run is stopped, or its process is gone. */
  readonly signal: AbortSignal;
  /** One event of the stream. */
  emit(event: string, fields?: object): void;
  tool(name: string, preview: string): void;
  /** Resolves with the choice. `anonymous`: as builds do that give their requests no id. */
  ask(command: string, options?: { readonly anonymous?: boolean }): Promise<string>;
  /** What was added since the last call. */
  taken(): string[];
  /** Resolves when something was added. */
  untilSteered(): Promise<void>;
}

/** A run that says of itself that it failed. */
export class RunFailed extends Error {}

interface Status {
  status: string;
  [field: string]: unknown;
}

export class ServedRun {
  readonly id = `run_${randomUUID().replaceAll("-", "")}`;
  readonly changed = new EventEmitter();
  readonly abort = new AbortController();
  /** One queue, whoever reads from it. Undefined once a reader has left. */
  queue: object[] | undefined = [];
  isOver = false;
  steers: string[] = [];
  waiting = new Map<string, (choice: string) => void>();
  status: Status;

  readonly key: string | undefined;
  readonly fingerprint: string;
  readonly body: RunBody;
  readonly sessionKey: string;

  constructor(given: { key: string | undefined; fingerprint: string; body: RunBody; sessionKey: string }) {
    const { body } = given;
    this.key = given.key;
    this.fingerprint = given.fingerprint;
    this.body = body;
    this.sessionKey = given.sessionKey;
    setMaxListeners(0, this.abort.signal);
    const now = Date.now() / 1000;
    this.status = {
      object: "hermes.run",
      run_id: this.id,
      status: "queued",
      created_at: now,
      updated_at: now,
      session_id: body.session_id ?? this.id,
    };
  }

  get text(): string {
    const { input } = this.body;
    if (typeof input === "string") return input;
    const content = input.at(-1)?.content;
    if (typeof content === "string") return content;
    const parts = content as readonly { readonly type: string; readonly text?: string }[];
    return parts.map(({ text = "" }) => text).join("");
  }

  get hasEnded(): boolean {
    return ENDS.includes(this.status.status);
  }

  set(status: string, fields: object = {}): void {
    this.status = { ...this.status, status, updated_at: Date.now() / 1000, ...fields };
    if (status !== "waiting_for_approval") delete this.status.approval;
    this.changed.emit("status");
  }

  push(event: string, fields: object = {}): void {
    const { status } = this.status;
    this.set(status, { last_event: event, approval: this.status.approval });
    this.queue?.push({ event, run_id: this.id, timestamp: Date.now() / 1000, ...fields });
    this.changed.emit("event");
  }
}

export function fingerprintOf(body: unknown, sessionKey: string): string {
  return createHash("sha256")
    .update(JSON.stringify([body, sessionKey]))
    .digest("hex");
}

/** Runs the agent, as Hermes does: the status first, then the event. */
export async function execute(
  run: ServedRun,
  agent: HermesAgent,
  history: AgentView["history"],
): Promise<void> {
  run.set("running");
  const finish = (status: Ends, fields: object = {}) => {
    // A process that is gone writes nothing more.
    if (run.abort.signal.reason === "gone") return;
    run.set(status, { last_event: `run.${status}`, ...fields });
    run.push(`run.${status}`, fields);
  };
  try {
    const output = await agent(viewOf(run, history));
    const pending = run.steers.length === 0 ? {} : { pending_steer: run.steers.join("\n") };
    if (run.abort.signal.aborted) finish("cancelled");
    else
      finish("completed", {
        output,
        usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
        ...pending,
      });
  } catch (error) {
    if (run.abort.signal.aborted) finish("cancelled");
    else finish("failed", { error: error instanceof Error ? error.message : String(error) });
  }
  run.isOver = true;
  run.changed.emit("event");
}

function viewOf(run: ServedRun, history: AgentView["history"]): AgentView {
  return {
    id: run.id,
    text: run.text,
    body: run.body,
    history,
    signal: run.abort.signal,
    emit: (event, fields) => run.push(event, fields),
    tool(tool, preview) {
      run.push("tool.started", { tool, preview });
      run.push("tool.completed", { tool, duration: 0.1, error: false });
    },
    ask(command, { anonymous = false } = {}) {
      const requestId = randomUUID();
      const approval = {
        command,
        description: "dangerous command",
        choices: ["once", "session", "always", "deny"],
        timestamp: Date.now() / 1000,
        ...(anonymous ? {} : { request_id: requestId }),
      };
      run.set("waiting_for_approval", { approval });
      run.push("approval.request", approval);
      return new Promise<string>((resolve) => {
        run.waiting.set(requestId, resolve);
        run.abort.signal.addEventListener("abort", () => resolve("deny"));
      });
    },
    taken: () => run.steers.splice(0),
    async untilSteered() {
      while (run.steers.length === 0) await once(run.changed, "steer", { signal: run.abort.signal });
    },
  };
}

/**
 * What happened, seen from outside the gateway. Messages go by their MsgId, conversations by their user id, runs by
 * an id of their own. Times are of one machine's clock. The order of the run events is the order in which the agents
 * wrote them to one file, which is the truth about what began before what ended.
 */
export type HistoryEvent =
  /** An attempt to push; `ack` follows when it was acknowledged. */
  | {
      readonly type: "push";
      readonly message: string;
      readonly conversation: string;
      readonly atMs: number;
      /** Which ingress it went to; for whoever reads the history. */
      readonly replica?: number;
    }
  | { readonly type: "ack"; readonly message: string; readonly atMs: number }
  | RunStart
  | RunEnd
  | Send
  | DeadLetter
  | WorkerEvent
  /** A service ended, and nobody had told it to: `how` says which and with what. */
  | { readonly type: "ended"; readonly how: string }
  /** For whoever reads the history; no rule looks at it. */
  | {
      readonly type: "fault";
      readonly what: string;
      readonly how: string;
      readonly atMs: number;
    };

export interface RunStart {
  readonly type: "run-start";
  readonly run: string;
  /** Process id of the worker that started the agent. */
  readonly worker: number;
  readonly conversation: string;
  readonly messages: readonly string[];
  /** As the agent was told: 1 for the first run of these messages. */
  readonly attempt?: number;
  readonly atMs: number;
}

/** answered: the agent came to its end. stopped: its worker told it to stop. An agent killed outright has no end. */
export interface RunEnd {
  readonly type: "run-end";
  readonly run: string;
  readonly how: "answered" | "stopped";
  readonly atMs: number;
}

/** A message/send as WeCom received it, and what the person saw of it. */
export interface Send {
  readonly type: "send";
  readonly conversation: string;
  readonly fate: "shown" | "suppressed" | "dropped";
  /** The whole request: what the duplicate check of WeCom compares. */
  readonly body: string;
  readonly text: string;
  readonly atMs: number;
}

export interface DeadLetter {
  readonly type: "dead-letter";
  readonly what: "message" | "reply";
  readonly messages: readonly string[];
  readonly code: string;
  readonly atMs: number;
}

/**
 * killed: SIGKILL. frozen, thawed: SIGSTOP, SIGCONT, or an event loop that is blocked. declared-dead: another worker said so, rightly or not. told:
 * SIGTERM, which hands runs over and is no licence for anything.
 */
export interface WorkerEvent {
  readonly type: "worker";
  readonly worker: number;
  readonly what: "killed" | "frozen" | "thawed" | "declared-dead" | "told";
  readonly atMs: number;
}

export interface History {
  record(event: HistoryEvent): void;
  events(): readonly HistoryEvent[];
}

export function createHistory(): History {
  const events: HistoryEvent[] = [];
  return { record: (event) => void events.push(event), events: () => events };
}

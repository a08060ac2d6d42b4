import type { Checkpoint, Decision, Exchange, InboundMessage, RunnerState } from "@gateway/conversation";
import { conversationId } from "@gateway/conversation";
import type {
  AbortReason,
  AgentEvent,
  AgentRunner,
  Turn,
  TurnResult,
} from "../../../../services/worker/src/runners/runner.ts";

export interface RunOptions {
  readonly user?: string;
  readonly attempt?: number;
  readonly history?: readonly Exchange[];
  /** An earlier attempt of the same turn: what it stored is given to this one. */
  readonly after?: BegunRun;
  /** An earlier turn of the same session. */
  readonly follows?: BegunRun;
  /** What the person says to every request. Without it they say nothing. */
  readonly decision?: Decision;
  /** Another worker has the turn: checkpoints are refused. */
  readonly isLost?: boolean;
  readonly isStoppedAlready?: boolean;
}

/** A run, and all that its runner told of it. */
export interface BegunRun {
  readonly turn: Turn;
  readonly result: Promise<TurnResult>;
  readonly events: readonly AgentEvent[];
  readonly asked: readonly { readonly title: string; readonly detail: string }[];
  readonly checkpoints: readonly Checkpoint[];
  /** Given by a runner that takes in what the person adds. */
  readonly steer: ((text: string) => Promise<boolean>) | undefined;
  stop(reason: AbortReason): void;
}

let turns = 0;

/** Runs a turn as the worker does. */
export function beginRun(runner: AgentRunner, text: string, options: RunOptions = {}): BegunRun {
  const turn = options.after === undefined ? newTurn(text, options) : nextAttempt(options.after, options);
  const abort = new AbortController();
  if (options.isStoppedAlready) abort.abort("user" satisfies AbortReason);
  const { signal } = abort;
  const events: AgentEvent[] = [];
  const asked: { title: string; detail: string }[] = [];
  const checkpoints: Checkpoint[] = [];
  let steer: BegunRun["steer"];
  const result = runner.run(turn, {
    signal,
    emit: (event) => void events.push(event),
    async approve(request) {
      asked.push(request);
      if (options.decision !== undefined) return options.decision;
      await new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => resolve());
        if (signal.aborted) resolve();
      });
      return "expired";
    },
    onSteer: (accept) => {
      steer = accept;
    },
    async checkpoint(checkpoint) {
      // As durable as Redis: nothing of what is kept is shared with the runner.
      checkpoints.push(JSON.parse(JSON.stringify(checkpoint)) as Checkpoint);
      if (!options.isLost) return;
      abort.abort("lost" satisfies AbortReason);
      throw new Error("Another worker has the turn.");
    },
  });
  // Looked at when the test comes to it.
  result.catch(() => undefined);
  return {
    turn,
    result,
    events,
    asked,
    checkpoints,
    get steer() {
      return steer;
    },
    stop: (reason) => abort.abort(reason),
  };
}

function newTurn(text: string, options: RunOptions): Turn {
  turns += 1;
  const { user = `user-${turns}`, follows, attempt = 1, history = [] } = options;
  const ref = follows?.turn.conversation ?? { corpId: "ww1", agentId: "1000002", userId: user };
  const state = follows === undefined ? undefined : lastSession(follows);
  const place = { toUserName: ref.corpId, fromUserName: ref.userId, agentId: ref.agentId, createTime: 1 };
  const message: InboundMessage = {
    v: 1,
    id: `cb-ww1-1000002-${ref.userId}-${turns}`,
    appName: "app",
    corpId: ref.corpId,
    agentId: ref.agentId,
    userId: ref.userId,
    receivedAtMs: turns,
    message: { kind: "text", content: text, msgId: String(turns), ...place },
  };
  return {
    id: `re-${message.id}`,
    attempt,
    conversation: { ...ref, id: conversationId(ref) },
    appName: "app",
    messages: [message],
    text,
    session: { epoch: 0, ...(state === undefined ? {} : { state }) },
    history: async () => history,
    attachments: [],
    steps: [],
  };
}

function nextAttempt(before: BegunRun, { attempt = before.turn.attempt + 1 }: RunOptions): Turn {
  const checkpoint = last(before.checkpoints.map(({ run }) => run)) ?? before.turn.checkpoint;
  const state = lastSession(before);
  return {
    ...before.turn,
    attempt,
    session: { epoch: before.turn.session.epoch, ...(state === undefined ? {} : { state }) },
    ...(checkpoint === undefined ? {} : { checkpoint }),
    steps: stepsOf(before),
  };
}

function stepsOf({ turn, checkpoints }: BegunRun): RunnerState[] {
  const steps = [...turn.steps];
  for (const { step } of checkpoints) if (step !== undefined) steps[step.number] = step.state;
  return steps;
}

function lastSession(run: BegunRun): RunnerState | undefined {
  return last(run.checkpoints.map(({ session }) => session)) ?? run.turn.session.state;
}

const last = <Value>(values: readonly (Value | undefined)[]): Value | undefined =>
  values.findLast((value) => value !== undefined);

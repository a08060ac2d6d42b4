import { existsSync, openSync, readFileSync, readSync } from "node:fs";
import { nameConversation } from "./conversation-names.ts";
import type { RunEnd, RunStart } from "./history.ts";
import { msgIdOf } from "./reply-lines.ts";

interface JournalLine {
  readonly at: "start" | "answered" | "stopped";
  readonly run: string;
  readonly worker: number;
  readonly atMs: number;
  readonly context: {
    readonly app: string;
    readonly userId: string;
    readonly attempt: number;
    readonly messages: readonly { readonly id: string }[];
  } | null;
}

/** The file in which the agents write when they start and end. */
export interface AgentJournal {
  readonly file: string;
  /** All runs so far, in the order of the file. */
  read(): readonly (RunStart | RunEnd)[];
  starts(message: string): readonly RunStart[];
  /** Kills agents that outlived their worker. */
  killOrphans(): void;
}

export function createAgentJournal(file: string): AgentJournal {
  const events: (RunStart | RunEnd)[] = [];
  let fd: number | undefined;
  let rest = "";
  const read = () => {
    if (fd === undefined && existsSync(file)) fd = openSync(file, "r");
    if (fd === undefined) return events;
    const buffer = Buffer.alloc(1 << 16);
    for (let size = readSync(fd, buffer); size > 0; size = readSync(fd, buffer)) {
      const lines = (rest + buffer.toString("latin1", 0, size)).split("\n");
      rest = lines.pop() ?? "";
      events.push(...lines.map((line) => toEvent(JSON.parse(line) as JournalLine)));
    }
    return events;
  };
  return {
    file,
    read,
    starts: (message) =>
      read().filter((event) => event.type === "run-start" && event.messages.includes(message)) as RunStart[],
    killOrphans() {
      const ended = new Set(read().flatMap((event) => (event.type === "run-end" ? [event.run] : [])));
      for (const event of read()) {
        if (event.type === "run-start" && !ended.has(event.run))
          killAgent(Number(event.run.split("-")[1]), file);
      }
    },
  };
}

function toEvent({ at, run, worker, atMs, context }: JournalLine): RunStart | RunEnd {
  if (at !== "start" || context === null)
    return { type: "run-end", run, how: at === "stopped" ? "stopped" : "answered", atMs };
  return {
    type: "run-start",
    ...{ run, worker, atMs },
    conversation: nameConversation(context.app, context.userId),
    attempt: context.attempt,
    messages: context.messages.map(({ id }) => msgIdOf(id)),
  };
}

/** Process ids come back: only a process that knows the journal is the agent. */
function killAgent(pid: number, file: string): void {
  try {
    if (readFileSync(`/proc/${pid}/environ`, "latin1").includes(file)) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { ServedRun } from "./runs.ts";

export interface Answer {
  readonly status: number;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export function refuse(status: number, code: string): Answer {
  return {
    status,
    body: { error: { message: `Refused: ${code}`, type: "invalid_request_error", param: null, code } },
  };
}

export async function streamEvents(run: ServedRun, response: ServerResponse): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  response.write(": keepalive\n\n");
  const left = new AbortController();
  const leave = () => left.abort();
  response.on("close", leave);
  run.changed.on("drop", leave);
  try {
    for (;;) {
      for (let event = run.queue?.shift(); event !== undefined; event = run.queue?.shift())
        response.write(`data: ${JSON.stringify(event)}\n\n`);
      if (run.isOver || run.queue === undefined) break;
      await once(run.changed, "event", { signal: left.signal });
    }
    response.end(": stream closed\n\n");
  } catch {
    response.destroy();
  } finally {
    run.changed.off("drop", leave);
    run.queue = undefined;
  }
}

export function stopRun(run: ServedRun): Answer {
  if (run.hasEnded) return { status: 200, body: run.status };
  if (run.isOver) return refuse(409, "run_not_active");
  run.set("stopping", { last_event: "run.stopping" });
  run.abort.abort("stopped");
  return { status: 200, body: { run_id: run.id, status: "stopping" } };
}

export function steerRun(run: ServedRun, text: string): Answer {
  if (run.status.status !== "running") return refuse(409, "run_not_accepting_steer");
  const body = parse(text) as { input?: string } | undefined;
  const input = body?.input?.trim() ?? "";
  if (input === "") return refuse(400, "invalid_steer_input");
  run.steers.push(input);
  run.changed.emit("steer");
  run.push("run.steered", { accepted: true });
  return { status: 200, body: { object: "hermes.run.steer", run_id: run.id, accepted: true } };
}

export function answerApproval(run: ServedRun, text: string): Answer {
  const body = parse(text) as { choice?: string; request_id?: string } | undefined;
  const choice = body?.choice ?? "";
  if (!["once", "session", "always", "deny"].includes(choice)) return refuse(400, "invalid_approval_choice");
  if (run.isOver) return refuse(409, "approval_not_active");
  // Without an id it is the oldest that is answered.
  const id = body?.request_id ?? run.waiting.keys().next().value;
  const resolve = id === undefined ? undefined : run.waiting.get(id);
  if (id === undefined || resolve === undefined) return refuse(409, "approval_not_pending");
  run.waiting.delete(id);
  run.set("running");
  run.push("approval.responded", { choice, resolved: 1 });
  resolve(choice);
  const answered = { object: "hermes.run.approval_response", run_id: run.id, choice, resolved: 1 };
  return { status: 200, body: answered };
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

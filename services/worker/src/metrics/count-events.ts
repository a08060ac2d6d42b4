import type { TimelineEvent } from "@gateway/conversation";
import { createLabelLimit } from "@gateway/service-kit";
import type { Registry } from "prom-client";
import { Counter, Histogram } from "prom-client";

/** Agents take from a second to an hour. */
const RUN_BUCKETS_SECONDS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600];
const SEND_BUCKETS_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];
const RUNNERS = 20;

/** Counts what happens to messages. Kinds, codes and outcomes become labels; ids and people never do. */
export function countEvents(registry: Registry): (event: TimelineEvent) => void {
  const counters = defineCounters(registry);
  const [runSeconds, sendSeconds] = [defineRunSeconds(registry), defineSendSeconds(registry)];
  const limitRunner = createLabelLimit(RUNNERS);
  const limitCode = createLabelLimit();

  const countRun = (event: Extract<TimelineEvent, { type: "run_ended" }>) => {
    const runner = limitRunner(event.runner ?? "");
    runSeconds.observe({ runner, result: event.result }, event.ms / 1000);
    if (event.result === "failed") counters.runFailures.inc({ runner, code: limitCode(event.code ?? "") });
  };
  const countSend = ({ kind, outcome, code = "", ms }: Extract<TimelineEvent, { type: "send" }>) => {
    sendSeconds.observe(ms / 1000);
    counters.sends.inc({ kind, outcome, code: limitCode(code) });
  };
  return (event) => {
    switch (event.type) {
      case "claimed":
        return counters.claims.inc({ attempt: event.attempt > 1 ? "again" : "first" });
      case "run_ended":
        return countRun(event);
      case "send":
        return countSend(event);
      case "held":
        return counters.held.inc({ why: event.why });
      case "finished":
        return counters.replies.inc({ kind: event.kind, status: event.status });
      case "dead":
        return counters.dead.inc({ what: event.what, code: limitCode(event.code) });
      default:
        return;
    }
  };
}

function defineCounters(registry: Registry) {
  const counter = <Label extends string>(name: string, labelNames: Label[], help: string) =>
    new Counter({ name, help, labelNames, registers: [registry] });
  return {
    claims: counter("gateway_turns_claimed_total", ["attempt"], "Turns taken up, first or again."),
    runFailures: counter("gateway_run_failures_total", ["runner", "code"], "Runs of agents that failed."),
    sends: counter(
      "gateway_sends_total",
      ["kind", "outcome", "code"],
      "Sends of parts of replies, by what WeCom answered.",
    ),
    held: counter("gateway_sends_held_total", ["why"], "Times that a send was made to wait."),
    replies: counter("gateway_replies_finished_total", ["kind", "status"], "Replies that left the outbox."),
    dead: counter("gateway_dead_letters_total", ["what", "code"], "What was set aside for an operator."),
  };
}

function defineRunSeconds(registry: Registry) {
  return new Histogram({
    name: "gateway_run_duration_seconds",
    help: "How long runs of agents took.",
    labelNames: ["runner", "result"],
    buckets: RUN_BUCKETS_SECONDS,
    registers: [registry],
  });
}

function defineSendSeconds(registry: Registry) {
  return new Histogram({
    name: "gateway_send_duration_seconds",
    help: "How long WeCom took to answer sends.",
    buckets: SEND_BUCKETS_SECONDS,
    registers: [registry],
  });
}

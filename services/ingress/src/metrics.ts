import { createLabelLimit } from "@gateway/service-kit";
import type { Registry } from "prom-client";
import { Counter, Histogram } from "prom-client";
import type { ObserveOutcome } from "./observation.ts";
import { outcomeCode } from "./observation.ts";

/** WeCom waits 5 s (WeCom doc 90930); what is usual is a few milliseconds. */
const ACK_BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 4, 5];

/** Callbacks that got their 200. */
const ACKNOWLEDGED: ReadonlySet<string> = new Set(["accepted", "duplicate", "ignored"]);

/** The counters of ingress, for IngressDeps.onOutcome. Cheap: labels are looked up once per kind of outcome. */
export function createIngressMetrics(registry: Registry): ObserveOutcome {
  const registers = [registry];
  const ack = new Histogram({
    name: "gateway_ack_duration_seconds",
    help: "From a callback's headers to its 200, of callbacks that were acknowledged.",
    buckets: ACK_BUCKETS_SECONDS,
    registers,
  });
  const requests = new Counter({
    name: "gateway_callbacks_total",
    help: "Callbacks and checks of the callback URL (request), by what became of them.",
    labelNames: ["request", "outcome", "code"],
    registers,
  });
  // A counter that appears with its first count has not grown, for Prometheus; the codes of this one are many.
  const notStored = new Counter({
    name: "gateway_messages_not_stored_total",
    help: "Callbacks that Redis did not confirm in time.",
    registers,
  });
  requests.labels("callback", "ignored", "stale").inc(0);
  const limitCode = createLabelLimit();
  const known = new Map<string, Counter.Internal>();

  return ({ request, outcome, durationMs }) => {
    const code = limitCode(outcomeCode(outcome) ?? "");
    const key = `${request} ${outcome.kind} ${code}`;
    let counter = known.get(key);
    if (counter === undefined) {
      counter = requests.labels(request, outcome.kind, code);
      known.set(key, counter);
    }
    counter.inc();
    if (request === "callback" && outcome.kind === "not_stored") notStored.inc();
    if (request === "callback" && ACKNOWLEDGED.has(outcome.kind)) ack.observe(durationMs / 1000);
  };
}

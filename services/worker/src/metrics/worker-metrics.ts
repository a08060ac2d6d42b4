import type { TimelineEvent } from "@gateway/conversation";
import type { Worker } from "bullmq";
import type { Registry } from "prom-client";
import { Counter, Gauge } from "prom-client";
import { countEvents } from "./count-events.ts";

/** What a worker counts. Most of it is read off the events of the timelines: what happened is said in one place. */
export interface WorkerMetrics {
  readonly observe: (event: TimelineEvent) => void;
  watchRunning(count: () => number): void;
  watchQueue(worker: Pick<Worker, "name" | "on">): void;
}

export function createWorkerMetrics(registry: Registry, concurrency: number): WorkerMetrics {
  const registers = [registry];
  const stalled = new Counter({
    name: "gateway_jobs_stalled_total",
    help: "Jobs whose worker had lost them (killed, frozen, cut off from Redis) and that were handed out again.",
    labelNames: ["queue"],
    registers,
  });
  const failed = new Counter({
    name: "gateway_job_failures_total",
    help: "Tries of jobs that failed, for Redis or for us; they are tried again.",
    labelNames: ["queue"],
    registers,
  });
  new Gauge({
    name: "gateway_runs_capacity",
    help: "Runs that this worker does at once (WORKER_CONCURRENCY).",
    registers,
  }).set(concurrency);
  return {
    observe: countEvents(registry),
    watchRunning(count) {
      new Gauge({
        name: "gateway_runs_running",
        help: "Runs of agents under way in this worker.",
        registers,
        collect() {
          this.set(count());
        },
      });
    },
    watchQueue(worker) {
      const queue = worker.name;
      for (const counter of [stalled, failed]) counter.inc({ queue }, 0);
      worker.on("stalled", () => stalled.inc({ queue }));
      worker.on("failed", () => failed.inc({ queue }));
    },
  };
}

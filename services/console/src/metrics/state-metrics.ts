import { createKeys } from "@gateway/conversation";
import { shareReading } from "@gateway/service-kit";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { Gauge } from "prom-client";
import type { GatewayState, StateDeps } from "./read-state.ts";
import { readState } from "./read-state.ts";

/** Scrapes of several Prometheus servers at about the same time cost one reading. */
const KEEP_MS = 2000;
/** Prometheus waits ten seconds. */
const TIMEOUT_MS = 5000;

interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

interface GaugeDefinition {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly read: (state: GatewayState) => readonly Sample[];
}

/**
 * What all processes share: queues, backlogs, dead letters, and how each app stands. It is the console that says
 * so, because it is there when no worker is. While Redis cannot be read these metrics are absent, not zero.
 */
export function createStateMetrics(
  deps: Omit<StateDeps, "keys"> & { prefix: string; registry: Registry; logger: Pick<Logger, "warn"> },
): void {
  const { registry, logger } = deps;
  const keys = createKeys(deps.prefix);
  const reading = shareReading({
    read: () => readState({ ...deps, keys }),
    keepMs: KEEP_MS,
    timeoutMs: TIMEOUT_MS,
    onError: (error) => logger.warn({ err: error }, "the state in Redis could not be read for the metrics"),
    now: () => performance.now(),
  });
  for (const { name, help, labels, read } of GAUGES) {
    new Gauge({
      name,
      help,
      labelNames: labels,
      registers: [registry],
      async collect() {
        const state = await reading();
        // Of a gauge without labels reset() would make a 0.
        if (labels.length === 0) this.remove();
        else this.reset();
        for (const { labels: own = {}, value } of state === undefined ? [] : read(state))
          this.set(own, value);
      },
    });
  }
}

const QUEUES: readonly GaugeDefinition[] = [
  {
    name: "gateway_queue_jobs",
    help: "Jobs in each queue, by state.",
    labels: ["queue", "state"],
    read: ({ overview }) =>
      overview.queues.flatMap(({ name, waiting, active, delayed, failed }) =>
        Object.entries({ waiting, active, delayed, failed }).map(([state, value]) => ({
          labels: { queue: name, state },
          value,
        })),
      ),
  },
  {
    name: "gateway_queue_oldest_waiting_seconds",
    help: "How long the job at the head of each queue has waited for a worker; 0 when none waits.",
    labels: ["queue"],
    read: ({ overview }) =>
      overview.queues.map(({ name, oldestWaitingMs = 0 }) => ({
        labels: { queue: name },
        value: oldestWaitingMs / 1000,
      })),
  },
  {
    name: "gateway_queue_paused",
    help: "Whether an operator has paused the queue.",
    labels: ["queue"],
    read: ({ overview }) =>
      overview.queues.map(({ name, isPaused }) => ({ labels: { queue: name }, value: Number(isPaused) })),
  },
  {
    name: "gateway_backlog_conversations",
    help: "Conversations with something to do, work at hand included: turns, controls (commands), deliveries.",
    labels: ["lane"],
    read: (state) => backlogs(state).map(([lane, { conversations: value }]) => ({ labels: { lane }, value })),
  },
  {
    name: "gateway_backlog_oldest_seconds",
    help: "How long the oldest of them has had it; for turns, runs at hand included.",
    labels: ["lane"],
    read: (state) =>
      backlogs(state).map(([lane, { oldestMs = 0 }]) => ({ labels: { lane }, value: oldestMs / 1000 })),
  },
  {
    name: "gateway_dead_letters",
    help: "Dead letters that wait for an operator.",
    labels: [],
    read: ({ overview }) => [{ value: overview.deadLetters }],
  },
  {
    name: "gateway_workers_alive",
    help: "Workers that were heard of in the last 30 s.",
    labels: [],
    read: ({ overview }) => [{ value: overview.workersAlive }],
  },
];

const APPS: readonly GaugeDefinition[] = [
  {
    name: "gateway_app_broken",
    help: "Whether the app's replies are held back because WeCom refuses its setup (breaker open).",
    labels: ["app"],
    read: ({ apps }) =>
      apps.map(({ name, isBroken }) => ({ labels: { app: name }, value: Number(isBroken) })),
  },
  {
    name: "gateway_agent_unusable_workers",
    help: "Workers that say that they cannot use the app's agent.",
    labels: ["app"],
    read: ({ overview, apps }) =>
      apps.map(({ name }) => ({
        labels: { app: name },
        value: overview.brokenAgents.find(({ app }) => app === name)?.workers ?? 0,
      })),
  },
  {
    name: "gateway_access_token_age_seconds",
    help: "Age of the app's access token; absent while it has none (nothing was sent for two hours).",
    labels: ["app"],
    read: ({ apps }) =>
      apps.flatMap(({ name, token: { ageMs } }) =>
        ageMs === undefined ? [] : [{ labels: { app: name }, value: ageMs / 1000 }],
      ),
  },
  {
    name: "gateway_access_token_paused",
    help: "Whether nobody may ask WeCom for a token of the app at the moment, because that failed.",
    labels: ["app"],
    read: ({ apps }) =>
      apps.map(({ name, token }) => ({ labels: { app: name }, value: Number(token.pausedMs > 0) })),
  },
  {
    name: "gateway_send_budget_left_ratio",
    help: "What is left of WeCom's limits, from 1 to 0. Apps of one corp share corp_minute and corp_hour.",
    labels: ["app", "rule"],
    read: ({ apps }) =>
      apps.flatMap(({ name, budgets }) =>
        budgets.map(({ rule, left, limit }) => ({ labels: { app: name, rule }, value: left / limit })),
      ),
  },
];

const GAUGES = [...QUEUES, ...APPS];

function backlogs({ overview: { turns, controls, deliveries } }: GatewayState) {
  return Object.entries({ turns, controls, deliveries });
}

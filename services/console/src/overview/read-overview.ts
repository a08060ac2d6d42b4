import type { Keys } from "@gateway/conversation";
import { createAgentReports, QUEUE_NAMES } from "@gateway/conversation";
import type { AppProblem } from "@gateway/wecom-client";
import { readAppProblems } from "@gateway/wecom-client";
import type { Job, Queue } from "bullmq";
import type { Redis } from "ioredis";

/** A worker beats every few seconds; one that was silent for longer is not counted as alive. */
const HEARTBEAT_LIMIT_MS = 30_000;

export interface QueueFigures {
  readonly name: string;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
  readonly isPaused: boolean;
  /** How long the job at the head of the queue has existed. */
  readonly oldestWaitingMs: number | undefined;
  /** How long the job that started first has been running. */
  readonly longestActiveMs: number | undefined;
}

/** Conversations with unfinished work, and since when the first of them has had it. */
export interface Backlog {
  readonly conversations: number;
  readonly oldestMs: number | undefined;
}

export interface Overview {
  readonly queues: readonly QueueFigures[];
  readonly turns: Backlog;
  readonly controls: Backlog;
  readonly deliveries: Backlog;
  readonly deadLetters: number;
  readonly failedJobs: number;
  readonly workersAlive: number;
  /** Apps that cannot send at the moment, longest first. */
  readonly brokenApps: readonly BrokenApp[];
  /** Agents that workers cannot use at the moment, by app. */
  readonly brokenAgents: readonly BrokenAgent[];
}

export interface BrokenApp extends Pick<AppProblem, "code" | "cause" | "whatToDo"> {
  readonly name: string;
  readonly sinceMs: number;
}

/** As `gateway doctor` tells it. */
export interface BrokenAgent {
  readonly app: string;
  /** What is wrong and what to do, in the words of the workers that say so. */
  readonly problem: string;
  /** So many of the workers that have tried it say so. */
  readonly workers: number;
  readonly of: number;
}

export interface OverviewDeps {
  readonly queues: readonly Queue[];
  readonly redis: Redis;
  readonly keys: Keys;
}

/** Everything the first page shows, read from Redis at once. Rejects when Redis cannot be asked. */
export async function readOverview(deps: OverviewDeps): Promise<Overview> {
  const { redis, keys } = deps;
  // Ages are judged by Redis's clock, which is the one that all processes share.
  const [seconds = 0, microseconds = 0] = (await redis.time()).map(Number);
  const nowMs = seconds * 1000 + Math.floor(microseconds / 1000);
  const [queues, turns, controls, deliveries, workersAlive, brokenApps, brokenAgents] = await Promise.all([
    Promise.all(deps.queues.map((queue) => readQueue(queue, nowMs))),
    readBacklog(redis, keys.pendingTurns, nowMs),
    readBacklog(redis, keys.pendingControls, nowMs),
    readBacklog(redis, keys.pendingDeliveries, nowMs),
    redis.zcount(keys.workers, nowMs - HEARTBEAT_LIMIT_MS, "+inf"),
    readBrokenApps(redis, keys, nowMs),
    readBrokenAgents(redis, keys),
  ]);
  const sum = (figures: readonly QueueFigures[], count: (queue: QueueFigures) => number) =>
    figures.reduce((total, queue) => total + count(queue), 0);
  const isDead = (queue: QueueFigures) => queue.name === QUEUE_NAMES.dead;
  return {
    queues,
    turns,
    controls,
    deliveries,
    workersAlive,
    brokenApps,
    brokenAgents,
    deadLetters: sum(queues.filter(isDead), (queue) => queue.waiting + queue.delayed + queue.failed),
    failedJobs: sum(
      queues.filter((queue) => !isDead(queue)),
      (queue) => queue.failed,
    ),
  };
}

async function readBrokenApps(redis: Redis, keys: Keys, nowMs: number): Promise<BrokenApp[]> {
  const problems = await readAppProblems(redis, keys.prefix);
  return Promise.all(
    problems.map(async ({ app, sinceMs, code, cause, whatToDo }) => {
      const id = app.split("/").map(encodeURIComponent).join(":");
      const name = (await redis.hget(keys.timelineApps, id)) ?? app;
      return { name, code, cause, whatToDo, sinceMs: Math.max(0, nowMs - sinceMs) };
    }),
  );
}

async function readBrokenAgents(redis: Redis, keys: Keys): Promise<BrokenAgent[]> {
  const { reports } = await createAgentReports({ redis, keys }).read(HEARTBEAT_LIMIT_MS);
  const apps = [...new Set(reports.map(({ app }) => app))].sort();
  return apps.flatMap((app) => {
    const about = reports.filter((report) => report.app === app);
    const failing = about.filter(({ ok }) => !ok);
    if (failing.length === 0) return [];
    const problems = new Set(failing.map(({ problem }) => problem ?? "It cannot be used."));
    return [{ app, problem: [...problems].join(" "), workers: failing.length, of: about.length }];
  });
}

async function readQueue(queue: Queue, nowMs: number): Promise<QueueFigures> {
  const [counts, isPaused, [oldestWaiting], [firstActive]] = await Promise.all([
    queue.getJobCounts("waiting", "prioritized", "active", "delayed", "failed"),
    queue.isPaused(),
    queue.getJobs(["waiting"], 0, 0, true),
    queue.getJobs(["active"], 0, 0, true),
  ]);
  return {
    name: queue.name,
    waiting: (counts.waiting ?? 0) + (counts.prioritized ?? 0),
    active: counts.active ?? 0,
    delayed: counts.delayed ?? 0,
    failed: counts.failed ?? 0,
    isPaused,
    oldestWaitingMs: ageOf(oldestWaiting, (job) => job.timestamp, nowMs),
    longestActiveMs: ageOf(firstActive, (job) => job.processedOn, nowMs),
  };
}

function ageOf(
  job: Job | undefined,
  timeOf: (job: Job) => number | undefined,
  nowMs: number,
): number | undefined {
  const time = job === undefined ? undefined : timeOf(job);
  return time === undefined ? undefined : Math.max(0, nowMs - time);
}

async function readBacklog(redis: Redis, key: string, nowMs: number): Promise<Backlog> {
  const [conversations, [, oldestAtMs]] = await Promise.all([
    redis.zcard(key),
    redis.zrange(key, "0", "0", "WITHSCORES"),
  ]);
  return {
    conversations,
    oldestMs: oldestAtMs === undefined ? undefined : Math.max(0, nowMs - Number(oldestAtMs)),
  };
}

import { QUEUE_NAMES } from "@gateway/conversation";
import type { BrokenAgent, BrokenApp, Overview } from "./read-overview.ts";

/** A job waits for a free worker; longer than this means there are too few of them, or none that works. */
const SLOW_START_MS = 60_000;

export type Concern =
  | { readonly kind: "no_workers"; readonly severity: "alarm" | "notice" }
  | { readonly kind: "broken_app"; readonly severity: "alarm"; readonly app: BrokenApp }
  | { readonly kind: "broken_agent"; readonly severity: "alarm" | "notice"; readonly agent: BrokenAgent }
  | { readonly kind: "dead_letters"; readonly severity: "alarm"; readonly count: number }
  | { readonly kind: "failed_jobs"; readonly severity: "notice"; readonly count: number }
  | { readonly kind: "paused"; readonly severity: "notice"; readonly queue: string }
  | {
      readonly kind: "slow_start";
      readonly severity: "notice";
      readonly queue: string;
      readonly ageMs: number;
    };

/** What an operator should look at, the most urgent first. Empty: all is well. */
export function findConcerns(overview: Overview): Concern[] {
  const concerns: Concern[] = [];
  const { deadLetters, failedJobs, workersAlive } = overview;
  const hasWork = overview.turns.conversations + overview.deliveries.conversations > 0;
  if (workersAlive === 0) concerns.push({ kind: "no_workers", severity: hasWork ? "alarm" : "notice" });
  for (const app of overview.brokenApps) concerns.push({ kind: "broken_app", severity: "alarm", app });
  for (const agent of overview.brokenAgents) {
    const severity = agent.workers === agent.of ? "alarm" : "notice";
    concerns.push({ kind: "broken_agent", severity, agent });
  }
  if (deadLetters > 0) concerns.push({ kind: "dead_letters", severity: "alarm", count: deadLetters });
  if (failedJobs > 0) concerns.push({ kind: "failed_jobs", severity: "notice", count: failedJobs });
  for (const { name, isPaused, oldestWaitingMs = 0 } of overview.queues) {
    if (name === QUEUE_NAMES.dead) continue;
    if (isPaused) concerns.push({ kind: "paused", severity: "notice", queue: name });
    else if (workersAlive > 0 && oldestWaitingMs > SLOW_START_MS) {
      concerns.push({ kind: "slow_start", severity: "notice", queue: name, ageMs: oldestWaitingMs });
    }
  }
  return concerns.sort((a, b) => Number(b.severity === "alarm") - Number(a.severity === "alarm"));
}

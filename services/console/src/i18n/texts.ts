import type { QueueName } from "@gateway/conversation";
import type { AccessTexts } from "./access-texts.ts";
import type { AuditTexts } from "./audit-texts.ts";
import type { DeadTexts } from "./dead-texts.ts";
import type { Language } from "./language.ts";
import { en } from "./texts-en.ts";
import { zhCN } from "./texts-zh-cn.ts";
import type { TimelineTexts } from "./timeline-texts.ts";

export interface QueueText {
  readonly title: string;
  readonly about: string;
}

/** Every text of the console's own pages. Durations are in milliseconds. */
export interface Texts {
  readonly product: string;
  readonly console: string;
  readonly signIn: string;
  readonly signOut: string;
  readonly user: string;
  readonly password: string;
  readonly generatedPasswordHint: string;
  readonly wrongCredentials: string;
  readonly tooManyAttempts: (retryAfterMs: number) => string;
  readonly overview: string;
  readonly allQueues: string;
  readonly allWell: string;
  readonly allWellDetail: string;
  readonly needsAttention: string;
  readonly noWorkers: string;
  readonly appBroken: (problem: {
    readonly app: string;
    readonly sinceMs: number;
    readonly cause: string;
    readonly whatToDo: string;
  }) => string;
  readonly agentBroken: (agent: {
    readonly app: string;
    readonly problem: string;
    readonly workers: number;
    readonly of: number;
  }) => string;
  readonly deadLettersFound: (count: number) => string;
  readonly failedJobsFound: (count: number) => string;
  readonly queuePaused: (queue: string) => string;
  readonly slowStart: (queue: string, ageMs: number) => string;
  readonly conversationsWaiting: string;
  readonly agentsRunning: string;
  readonly repliesWaiting: string;
  readonly deadLetters: string;
  readonly workersAlive: string;
  readonly oldest: (ageMs: number) => string;
  readonly longest: (ageMs: number) => string;
  readonly nothingWaiting: string;
  readonly idle: string;
  readonly noDeadLetters: string;
  readonly lookAtThem: string;
  readonly workersSeen: string;
  readonly startWorker: string;
  readonly queues: string;
  readonly queue: string;
  readonly waiting: string;
  readonly active: string;
  readonly delayed: string;
  readonly failed: string;
  readonly oldestWaiting: string;
  readonly paused: string;
  readonly duration: (ms: number) => string;
  readonly queueTexts: Readonly<Record<QueueName, QueueText>>;
  readonly redisAwayTitle: string;
  readonly redisAwayDetail: string;
  readonly notFoundTitle: string;
  readonly notFoundDetail: string;
  readonly faultTitle: string;
  readonly faultDetail: string;
  readonly contentHidden: string;
  readonly contentShown: string;
  /** Exact to a tenth of a second, for what is compared. */
  readonly preciseDuration: (ms: number) => string;
  readonly timeline: TimelineTexts;
  readonly audit: AuditTexts;
  readonly pageTooOldTitle: string;
  readonly pageTooOldDetail: string;
  readonly dead: DeadTexts;
  readonly access: AccessTexts;
}

const byLanguage: Readonly<Record<Language, Texts>> = { en, "zh-CN": zhCN };

/** Undefined for a queue that this release does not know. */
export function queueTextOf(texts: Texts, name: string): QueueText | undefined {
  return Object.entries(texts.queueTexts).find(([known]) => known === name)?.[1];
}

export function textsOf(language: Language): Texts {
  return byLanguage[language];
}

import { accessEn } from "./access-texts-en.ts";
import { auditEn } from "./audit-texts.ts";
import { deadEn } from "./dead-texts.ts";
import { formatDuration, formatPreciseDuration } from "./duration.ts";
import type { Texts } from "./texts.ts";
import { timelineEn } from "./timeline-texts-en.ts";

const duration = (ms: number) => formatDuration("en", ms);
const counted = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

export const en: Texts = {
  product: "WeCom Agent Gateway",
  console: "Operator console",
  signIn: "Sign in",
  signOut: "Sign out",
  user: "User",
  password: "Password",
  generatedPasswordHint:
    "No CONSOLE_PASSWORD is set: the password of this run is in the console's start-up log.",
  wrongCredentials: "User or password is wrong.",
  tooManyAttempts: (ms) => `Too many attempts. Try again in ${duration(Math.max(ms, 1000))}.`,
  overview: "Overview",
  allQueues: "Queues and jobs",
  allWell: "All is well",
  allWellDetail: "Nothing failed, nothing is stuck.",
  needsAttention: "Needs a look",
  noWorkers: "No worker is alive: messages are accepted and kept, but nobody answers them.",
  appBroken: ({ app, sinceMs, cause, whatToDo }) =>
    `${app} has not been able to send for ${duration(sinceMs)}; its replies are held. WeCom says: ${cause}. ${whatToDo}`,
  agentBroken: ({ app, problem, workers, of }) =>
    `The agent of ${app} does not work${of === 1 ? "" : `, say ${workers} of ${of} workers`}: ${problem}`,
  deadLettersFound: (count) => `${counted(count, "dead letter waits", "dead letters wait")} for a decision.`,
  failedJobsFound: (count) => `${counted(count, "job has", "jobs have")} failed.`,
  queuePaused: (queue) => `The queue ${queue} is paused.`,
  slowStart: (queue, ms) => `In ${queue}, a job has waited ${duration(ms)} for a free worker.`,
  conversationsWaiting: "Open conversations",
  agentsRunning: "Agents running",
  repliesWaiting: "Open deliveries",
  deadLetters: "Dead letters",
  workersAlive: "Workers alive",
  oldest: (ms) => `oldest ${duration(ms)}`,
  longest: (ms) => `longest ${duration(ms)}`,
  nothingWaiting: "none",
  idle: "idle",
  noDeadLetters: "none",
  lookAtThem: "look at them",
  workersSeen: "seen in the last 30 s",
  startWorker: "start a worker",
  queues: "Queues",
  queue: "Queue",
  waiting: "Waiting",
  active: "Active",
  delayed: "Delayed",
  failed: "Failed",
  oldestWaiting: "Oldest waiting",
  paused: "paused",
  duration,
  queueTexts: {
    inbound: { title: "inbound", about: "Accepted messages and events, one job each" },
    turns: { title: "turns", about: "Conversations that the agent works on" },
    control: { title: "control", about: "Commands and pressed buttons, which overtake the turns" },
    deliver: { title: "deliver", about: "Conversations with replies to send" },
    maintenance: { title: "maintenance", about: "Repairs lost wake-ups, every few seconds" },
    dead: { title: "dead", about: "What could not be handled; a person decides" },
  },
  redisAwayTitle: "Redis does not answer",
  redisAwayDetail:
    "The console reads everything from Redis. Check that it runs and that REDIS_URL names it; this page tries again by itself.",
  notFoundTitle: "There is no such page",
  notFoundDetail: "The address may be mistyped, or the job may have been removed.",
  faultTitle: "Something went wrong here",
  faultDetail: "The console's log says what. The gateway itself is not affected.",
  contentHidden: "Message content is hidden throughout the console.",
  contentShown: "The page of a message shows its content (CONSOLE_SHOW_CONTENT); the queues never do.",
  preciseDuration: (ms) => formatPreciseDuration("en", ms),
  timeline: timelineEn,
  audit: auditEn,
  pageTooOldTitle: "This page was too old",
  pageTooOldDetail:
    "It belongs to an earlier sign-in. Nothing was changed: load it again and repeat what you wanted.",
  dead: deadEn,
  access: accessEn,
};

import { MEMBER_MESSAGES_PER_HOUR, MEMBER_MESSAGES_PER_MINUTE } from "./limits.ts";

/** What may be sent in which time. Tests make the times short; the platform's figures are the default. */
export interface SendLimits {
  /** A minute and an hour, and a little more: WeCom counts by its own clock. */
  readonly minuteMs: number;
  readonly hourMs: number;
  /** Messages of one app to one member. WeCom drops the surplus and answers success (doc 90312). */
  readonly memberPerMinute: number;
  readonly memberPerHour: number;
  /** The notices among them; what they leave is kept for answers. */
  readonly noticesPerMinute: number;
  readonly noticesPerHour: number;
  /** Calls of one API by all apps of one corp (doc 90312). */
  readonly corpPerMinute: number;
  readonly corpPerHour: number;
  /** How long the API rests after 45009, by how often that has happened in a row. */
  readonly blocksMs: readonly [number, ...number[]];
  /** After 45033: the time in which one more call at once is allowed again. */
  readonly growMs: number;
}

export const SEND_LIMITS: SendLimits = {
  minuteMs: 60_500,
  hourMs: 3_601_000,
  memberPerMinute: MEMBER_MESSAGES_PER_MINUTE,
  memberPerHour: MEMBER_MESSAGES_PER_HOUR,
  noticesPerMinute: 10,
  noticesPerHour: 300,
  corpPerMinute: 10_000,
  corpPerHour: 150_000,
  // A minute rule's block, then a try in between, then an hourly rule's. A daily one is asked about every hour.
  blocksMs: [61_000, 5 * 60_000, 3_601_000],
  growMs: 5_000,
};

/** Person-times a day that an app may send for each account that the corp has bought (doc 90312). */
export const DAILY_MESSAGES_PER_ACCOUNT = 200;

export interface SendRequest {
  readonly corpId: string;
  readonly agentId: string;
  /** Members it goes to; none for departments, tags and everybody, whose members nobody can count here. */
  readonly userIds: readonly string[];
  readonly kind: "answer" | "notice";
  /** Person-times a day of this app, if known: accounts × 200. */
  readonly appPerDay?: number | undefined;
}

export const RULE_NAMES = [
  "member_minute",
  "member_hour",
  "notices_minute",
  "notices_hour",
  "app_day",
  "corp_minute",
  "corp_hour",
] as const;
export type RuleName = (typeof RULE_NAMES)[number];

export interface Rule {
  readonly name: RuleName;
  readonly key: string;
  readonly kind: "log" | "slices" | "day";
  readonly windowMs: number;
  readonly limit: number;
  readonly cost: number;
  readonly keepMs: number;
}

const DAY_MS = 24 * 3600 * 1000;

/** The rules that a message falls under. User ids are compared as WeCom does, without regard to case. */
export function rulesOf(request: SendRequest, api: string, limits: SendLimits): Rule[] {
  const { corpId, agentId, kind, appPerDay } = request;
  const users = [...new Set(request.userIds.map((id) => id.toLowerCase()))];
  const personTimes = Math.max(users.length, 1);
  const log = (name: RuleName, key: string, windowMs: number, limit: number): Rule => {
    return { name, key, kind: "log", windowMs, limit, cost: 1, keepMs: limits.hourMs };
  };
  const slices = (name: RuleName, windowMs: number, limit: number): Rule => {
    const key = `${name}:${corpId}:${api}`;
    return { name, key, kind: "slices", windowMs, limit, cost: 1, keepMs: windowMs * 2 };
  };
  const ofMembers = users.flatMap((user) => {
    const member = `${corpId}:${agentId}:${user}`;
    const all = [
      log("member_minute", `member:${member}`, limits.minuteMs, limits.memberPerMinute),
      log("member_hour", `member:${member}`, limits.hourMs, limits.memberPerHour),
    ];
    if (kind === "answer") return all;
    return [
      ...all,
      log("notices_minute", `notices:${member}`, limits.minuteMs, limits.noticesPerMinute),
      log("notices_hour", `notices:${member}`, limits.hourMs, limits.noticesPerHour),
    ];
  });
  const day = { name: "app_day", key: `day:${corpId}:${agentId}`, kind: "day" } as const;
  return [
    ...ofMembers,
    ...(appPerDay === undefined
      ? []
      : [{ ...day, windowMs: DAY_MS, limit: appPerDay, cost: personTimes, keepMs: DAY_MS * 2 }]),
    slices("corp_minute", limits.minuteMs, limits.corpPerMinute),
    slices("corp_hour", limits.hourMs, limits.corpPerHour),
  ];
}

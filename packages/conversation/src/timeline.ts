import type { Redis } from "ioredis";
import type { ConversationRef } from "./conversation-ref.ts";
import { parseConversationId } from "./conversation-ref.ts";
import type { Keys } from "./keys.ts";
import type { StoredTimelineEvent, TimelineEvent } from "./timeline-event.ts";
import { readTimelineEvent } from "./timeline-event.ts";
import { appendEventScript, enterScript } from "./timeline-scripts.ts";

/** How long a timeline is kept after its last event. */
export const TIMELINE_RETENTION_MS = 14 * 24 * 3600 * 1000;

export const TIMELINE_LIMITS = {
  /** Messages whose timeline is kept: about 2.5 KB of Redis memory each. The oldest go first. */
  messages: 50_000,
  /** Of these, how many are found by their user. */
  perUser: 1000,
  /** Events of one message; then those after the first `begin` are left out. */
  events: 200,
  begin: 60,
} as const;

export interface TimelineQuery {
  /** Whole user id; case does not count, as in WeCom. */
  readonly user?: string | undefined;
  readonly app?: Pick<ConversationRef, "corpId" | "agentId"> | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly offset?: number;
  readonly limit: number;
}

export interface Timeline {
  readonly id: string;
  readonly events: readonly StoredTimelineEvent[];
}

export interface TimelineApp {
  readonly corpId: string;
  readonly agentId: string;
  readonly name: string;
}

export interface EventSeen {
  /** Default now. */
  readonly atMs?: number;
  /** By which worker. */
  readonly worker?: string;
}

/** What happened to each message, from its acceptance to its last part. Names, ids and codes; never content. */
export interface Timelines {
  /** Adds an event to each message's timeline. Rejects like any other call when Redis cannot be asked. */
  append(messageIds: readonly string[], event: TimelineEvent, seen?: EventSeen): Promise<void>;
  /** Oldest event first; empty when nothing is known of the message (any more). */
  read(messageId: string): Promise<Timeline>;
  /** Newest message first. */
  search(query: TimelineQuery): Promise<readonly Timeline[]>;
  /** Apps that messages are known of, by name. */
  apps(): Promise<readonly TimelineApp[]>;
}

interface Deps {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly now: () => number;
  readonly limits?: Partial<Record<keyof typeof TIMELINE_LIMITS, number>>;
}

export function createTimelines(deps: Deps): Timelines {
  const { redis, keys } = deps;
  for (const script of [appendEventScript, enterScript]) script.keepLoaded(redis);
  const limits = { ...TIMELINE_LIMITS, ...deps.limits };
  const readAll = (ids: readonly string[]) => readTimelines(redis, keys, ids);
  return {
    async append(messageIds, event, { atMs = deps.now(), worker } = {}) {
      const json = JSON.stringify({ ...event, atMs, worker });
      // What waits for room asks again every few seconds.
      const same = event.type === "held" ? JSON.stringify(event).slice(0, -1) : "";
      const args = [json, limits.events, limits.begin, TIMELINE_RETENTION_MS, same];
      const place = "conversation" in event ? event : undefined;
      await Promise.all(
        messageIds.flatMap((id) => [
          ...(place === undefined ? [] : [enter(id, place, atMs)]),
          appendEventScript.run(redis, [keys.timeline(id)], args),
        ]),
      );
    },
    async read(id) {
      const [timeline] = await readAll([id]);
      return timeline ?? { id, events: [] };
    },
    async search(query) {
      const { user, app, offset = 0, limit } = query;
      const [min, max] = [String(query.fromMs ?? "-inf"), String(query.toMs ?? "+inf")];
      const find = (key: string, from: number, count: number) =>
        redis.zrange(key, max, min, "BYSCORE", "REV", "LIMIT", from, count);
      if (user === undefined || app === undefined) {
        const key = user === undefined ? appIndex(app) : keys.timelinesOfUser(foldUser(user));
        return (await readAll(await find(key, offset, limit))).filter(isKnown);
      }
      // Few enough to look at each: a person's messages of all apps.
      const all = await readAll(await find(keys.timelinesOfUser(foldUser(user)), 0, limits.perUser));
      return all
        .filter((timeline) => isKnown(timeline) && isOfApp(timeline, app))
        .slice(offset, offset + limit);
    },
    async apps() {
      const names = Object.entries(await redis.hgetall(keys.timelineApps));
      const apps = names.map(([id, name]) => ({ ...parseAppId(id), name }));
      return apps.sort((a, b) => a.name.localeCompare(b.name));
    },
  };

  function appIndex(app: TimelineQuery["app"]): string {
    return app === undefined ? keys.timelines : keys.timelinesOfApp(appId(app));
  }

  async function enter(
    id: string,
    place: { conversation: string; app?: string },
    atMs: number,
  ): Promise<void> {
    const ref = parseConversationId(place.conversation);
    const app = appId(ref);
    await enterScript.run(
      redis,
      [
        keys.timelines,
        keys.timelinesOfUser(foldUser(ref.userId)),
        keys.timelinesOfApp(app),
        keys.timelineApps,
      ],
      [
        ...[id, atMs, app, place.app ?? ""],
        ...[limits.messages, limits.perUser, TIMELINE_RETENTION_MS, keys.timeline("")],
      ],
    );
  }
}

async function readTimelines(redis: Redis, keys: Keys, ids: readonly string[]): Promise<Timeline[]> {
  const lists = await Promise.all(ids.map((id) => redis.lrange(keys.timeline(id), 0, -1)));
  return ids.map((id, index) => ({
    id,
    events: inOrder((lists[index] ?? []).flatMap((json) => readTimelineEvent(json) ?? [])),
  }));
}

/** A message may be claimed before its `inbound` job or its replay, which may run twice, has written down that it came. */
function inOrder(events: readonly StoredTimelineEvent[]): StoredTimelineEvent[] {
  const arrival = events.find(isArrival);
  const others = events.filter((event) => !isArrival(event));
  return arrival === undefined ? others : [arrival, ...others];
}

function isArrival({ type }: StoredTimelineEvent): boolean {
  return type === "accepted" || type === "again";
}

function isKnown({ events }: Timeline): boolean {
  return events.length > 0;
}

function isOfApp({ events }: Timeline, app: Pick<ConversationRef, "corpId" | "agentId">): boolean {
  return events.some((event) => {
    if (!("conversation" in event)) return false;
    const ref = parseConversationId(event.conversation);
    return ref.corpId === app.corpId && ref.agentId === app.agentId;
  });
}

/** WeCom's user ids differ in more than case. What follows a NUL names a background task of the person. */
function foldUser(user: string): string {
  return (user.split("\0", 1)[0] ?? "").toLowerCase();
}

function appId({ corpId, agentId }: Pick<ConversationRef, "corpId" | "agentId">): string {
  return [corpId, agentId].map(encodeURIComponent).join(":");
}

function parseAppId(id: string): { corpId: string; agentId: string } {
  const [corpId = "", agentId = ""] = id.split(":").map(decodeURIComponent);
  return { corpId, agentId };
}

import type { Redis } from "ioredis";
import { tokenKeys } from "./access-tokens.ts";
import { readInPages } from "./read-in-pages.ts";

/** How an app stands with its access token. The token itself is never read here. */
export interface AccessTokenState {
  /** Since it was fetched; undefined while there is none. */
  readonly ageMs: number | undefined;
  /** Nobody asks WeCom for a new one for as long: fetching it failed, or fresh ones were refused. 0: no pause. */
  readonly pausedMs: number;
}

/** One state for each app, in their order. */
export function readAccessTokens(
  redis: Redis,
  prefix: string,
  apps: readonly { readonly corpId: string; readonly agentId: string; readonly corpSecret: string }[],
): Promise<AccessTokenState[]> {
  return readInPages(apps, async (page) => {
    const pipeline = redis.pipeline();
    for (const app of page) {
      const keys = tokenKeys({ prefix, ...app });
      pipeline.hget(keys.token, "life").pttl(keys.token).pttl(keys.pause);
    }
    const replies = (await pipeline.exec()) ?? [];
    return page.map((_app, index) => {
      const [life, leftMs, pausedMs] = replies.slice(index * 3, index * 3 + 3).map(([, value]) => value);
      const isThere = typeof life === "string" && Number(leftMs) > 0;
      return {
        ageMs: isThere ? Math.max(Number(life) - Number(leftMs), 0) : undefined,
        pausedMs: Math.max(Number(pausedMs ?? 0), 0),
      };
    });
  });
}

import { z } from "zod";

const WHYS = ["gone", "not_stored", "unreadable", "full"] as const;

/** What a decision led to, carried over the redirect after it. */
export interface DeadOutcome {
  readonly done: "replayed" | "dropped";
  readonly count: number;
  /** Why those that stayed could not be replayed. */
  readonly kept: readonly (typeof WHYS)[number][];
}

export function writeOutcome({ done, count, kept }: DeadOutcome): string {
  const fields = [[done, String(count)], ...kept.map((why) => ["kept", why])] satisfies string[][];
  return new URLSearchParams(
    fields.map(([name = "", value = ""]): [string, string] => [name, value]),
  ).toString();
}

const count = z.coerce.number().int().min(0).max(1000).optional().catch(undefined);
const query = z.object({
  replayed: count,
  dropped: count,
  kept: z
    .union([z.enum(WHYS), z.array(z.enum(WHYS)).max(200)])
    .transform((whys) => (typeof whys === "string" ? [whys] : whys))
    .catch([]),
});

/** Undefined for a page that follows no decision. */
export function readOutcome(fields: unknown): DeadOutcome | undefined {
  const { replayed, dropped, kept } = query.parse(fields);
  if (replayed !== undefined) return { done: "replayed", count: replayed, kept };
  return dropped === undefined ? undefined : { done: "dropped", count: dropped, kept: [] };
}

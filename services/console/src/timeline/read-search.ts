import { z } from "zod";

export const PAGE_SIZE = 50;
const OFFSET_LIMIT = 10_000;

const blankAsNone = (value: unknown) =>
  typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
const text = z.preprocess(blankAsNone, z.string().max(512).optional().catch(undefined));
const whole = (lowest: number, highest: number) =>
  z.preprocess(blankAsNone, z.coerce.number().int().min(lowest).max(highest).optional().catch(undefined));
/** As `<input type="datetime-local">` sends it. */
const localTime = z.preprocess(
  blankAsNone,
  z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/)
    .optional()
    .catch(undefined),
);

const searchSchema = z.object({
  id: text,
  user: text,
  /** corp:agent */
  app: text,
  from: localTime,
  to: localTime,
  /** Minutes that the operator's clock is ahead of UTC. */
  zone: whole(-900, 900),
  offset: whole(0, OFFSET_LIMIT),
});
export type Search = z.output<typeof searchSchema>;

/** The search of an address; what cannot be understood is taken as not asked for. */
export function readSearch(query: unknown): Search {
  return searchSchema.parse(query);
}

/** A local time in epoch milliseconds; a minute or second that was named belongs to the range whole. */
export function epochMs(
  local: string | undefined,
  zone: number | undefined,
  end = false,
): number | undefined {
  if (local === undefined) return undefined;
  const ms = Date.parse(`${local}Z`);
  if (Number.isNaN(ms)) return undefined;
  const unitMs = local.length > 16 ? 1000 : 60_000;
  return ms - (zone ?? 0) * 60_000 + (end ? unitMs - 1 : 0);
}

/** Undefined for anything but corp:agent. */
export function readAppId(app: string | undefined): { corpId: string; agentId: string } | undefined {
  const [, corpId, agentId] = /^([^:]+):([^:]+)$/.exec(app ?? "") ?? [];
  return corpId === undefined || agentId === undefined ? undefined : { corpId, agentId };
}

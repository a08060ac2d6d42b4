import type { Request } from "express";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { z } from "zod";
import { addressOf } from "../http/address-of.ts";

/** What operators did, and who tried to be one. */
export const AUDIT_EVENTS = [
  "signed_in",
  "signed_out",
  "login_refused",
  "write",
  "dead_replay",
  "dead_drop",
  "access",
  "chat_created",
  "content_viewed",
] as const;
export type AuditEvent = (typeof AUDIT_EVENTS)[number];

/** The oldest go first. About 300 bytes of Redis memory each. */
const ENTRIES = 10_000;
const DETAIL_CHARS = 600;

const storedEntry = z.object({
  audit: z.enum(AUDIT_EVENTS),
  operator: z.string().optional(),
  address: z.string().optional(),
  details: z.record(z.string(), z.string()),
});

export interface AuditEntry extends z.infer<typeof storedEntry> {
  /** Its place in the log. */
  readonly id: string;
  readonly atMs: number;
}

/** Names, ids and codes: no passwords, no content. */
export type AuditDetails = Readonly<Record<string, string | number | readonly string[] | undefined>>;

export interface AuditLog {
  /**
   * Writes down that something was done: a log line, and an entry that the console shows. Never fails: what was done
   * is done, and the line is there at least. `operator` is undefined where nobody is signed in.
   */
  write(req: Request, audit: AuditEvent, operator: string | undefined, details: AuditDetails): void;
  /** Newest first; those before an entry. `older`: where the next page begins, when there is one. */
  read(page: {
    before: string | undefined;
    limit: number;
  }): Promise<{ readonly entries: readonly AuditEntry[]; readonly older: string | undefined }>;
}

export function createAuditLog(deps: { redis: Redis; prefix: string; logger: Logger }): AuditLog {
  const { redis, logger } = deps;
  const key = `${deps.prefix}:console:audit`;
  return {
    write(req, audit, operator, details) {
      const who = operator === undefined ? {} : { operator };
      const address = addressOf(req);
      logger.info({ audit, ...who, ...details, address }, "operator");
      const entry = JSON.stringify({ audit, ...who, address, details: asTexts(details) });
      redis
        .xadd(key, "MAXLEN", "~", ENTRIES, "*", "entry", entry)
        .catch((error: unknown) => logger.warn({ err: error, event: audit }, "the audit page has a gap"));
    },
    async read({ before, limit }) {
      const end = before === undefined ? "+" : `(${before}`;
      const found = await redis.xrevrange(key, end, "-", "COUNT", limit + 1);
      const shown = found.slice(0, limit);
      return {
        entries: shown.flatMap(([id, [, json = ""]]) => readEntry(id, json)),
        older: found.length > limit ? shown.at(-1)?.[0] : undefined,
      };
    },
  };
}

function asTexts(details: AuditDetails): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(details))
    if (value !== undefined) texts[name] = String(value).slice(0, DETAIL_CHARS);
  return texts;
}

function readEntry(id: string, json: string): AuditEntry[] {
  try {
    return [{ id, atMs: Number(id.split("-", 1)[0]), ...storedEntry.parse(JSON.parse(json)) }];
  } catch {
    // Written by another version; the log line says it as well.
    return [];
  }
}

import { z } from "zod";
import type { AccessOutcome } from "./decide-access.ts";

/** Something to say about what an operator decided, or wanted to. */
export interface AccessNotice {
  readonly kind: AccessOutcome["kind"] | "unknownApp" | "badUserId";
  readonly app: string;
  readonly userId: string;
  readonly droppedMessages: number;
}

const app = z.string().min(1).max(64);
/** As it was stored, whatever it is: revoking must work for any. */
const storedUserId = z.string().min(1).max(512);
/** UserID: 1 to 64 bytes, without colons and stars (WeCom doc 90195). */
const typedUserId = z
  .string()
  .trim()
  .regex(/^[^\s\p{Cc}:*]{1,64}$/u);

export const approveForm = z.object({ app, user: storedUserId, code: z.string().min(1).max(64) });
export const admitForm = z.object({ app, user: typedUserId });
export const revokeForm = z.object({ app, user: storedUserId });
/** What the form for a user id is shown with again when it makes no sense. */
export const admitDraft = z.object({
  app: z.string().max(512).catch(""),
  user: z.string().max(512).catch(""),
});

const findQuery = z.object({ find: z.string().trim().max(64).catch("") });

/** The part of a user id that is looked for; empty for all. */
export function readFind(query: unknown): string {
  return findQuery.parse(query).find;
}

const doneQuery = z.object({
  done: z.enum(["approved", "admitted", "revoked", "stillListed"]),
  app,
  user: storedUserId,
  dropped: z.coerce.number().int().min(0).max(1_000_000).catch(0),
});

/** The address of the page that says what was done, so that loading it again does nothing twice. */
export function doneAddress({ kind, app, userId, droppedMessages }: AccessNotice): string {
  const query = { done: kind, app, user: userId, dropped: String(droppedMessages) };
  return `/access?${new URLSearchParams(query).toString()}`;
}

export function readDone(query: unknown): AccessNotice | undefined {
  const read = doneQuery.safeParse(query);
  if (!read.success) return undefined;
  const { done, app, user, dropped } = read.data;
  return { kind: done, app, userId: user, droppedMessages: dropped };
}

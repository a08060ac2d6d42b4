import { z } from "zod";

const approvedUserSchema = z.object({
  /** As WeCom wrote it. */
  userId: z.string(),
  /** Who let them in: a user id in WeCom, or an operator of the console. */
  approvedBy: z.string(),
  approvedAtMs: z.number().int(),
});
export type ApprovedUser = z.infer<typeof approvedUserSchema>;

const accessRequestSchema = z.object({
  code: z.string(),
  userId: z.string(),
  /** The user id as it is compared. */
  user: z.string(),
  appName: z.string(),
  requestedAtMs: z.number().int(),
  expiresAtMs: z.number().int(),
});
type StoredRequest = z.infer<typeof accessRequestSchema>;

/** Somebody who asks to be let in. */
export type AccessRequest = Omit<StoredRequest, "user">;

export function readApprovedUser(json: string): ApprovedUser {
  return approvedUserSchema.parse(JSON.parse(json));
}

export function readAccessRequest(json: string): StoredRequest {
  return accessRequestSchema.parse(JSON.parse(json));
}

/** Undefined for what this version cannot read. */
export function tryRead<Record>(read: (json: string) => Record, json: string): Record | undefined {
  try {
    return read(json);
  } catch {
    return undefined;
  }
}

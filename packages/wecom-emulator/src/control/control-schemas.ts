import { z } from "zod";
import { menuSchema } from "../api/menu.ts";
import { pushContentSchema } from "../callback/push-content.ts";
import { faultRulesSchema } from "../state/faults.ts";

const appName = z.string().min(1).max(200);
const userId = z.string().min(1).max(64);
const callbackUrl = z.url({ protocol: /^https?$/ }).max(2048);

export const pushSchema = z.strictObject({
  app: appName,
  user: userId,
  content: pushContentSchema,
  msgId: z.string().max(64).optional(),
  createTime: z.int().min(0).optional(),
  callbackUrl: callbackUrl.optional(),
  /** Answer when the push has been acknowledged, refused or lost, rather than at once. */
  wait: z.boolean().default(false),
});

export const repeatSchema = z.strictObject({
  callbackUrl: callbackUrl.optional(),
  wait: z.boolean().default(false),
});

export const appChangeSchema = z.strictObject({
  callbackUrl: callbackUrl.optional(),
  corpSecret: z.string().min(1).max(256).optional(),
  token: z
    .string()
    .regex(/^[A-Za-z0-9]{1,32}$/)
    .optional(),
  encodingAesKey: z
    .string()
    .regex(/^[A-Za-z0-9]{43}$/)
    .optional(),
  trustedIps: z.array(z.string().max(64)).max(100).nullable().optional(),
  stopped: z.boolean().optional(),
  menu: z.union([menuSchema, z.array(z.never()).max(0)]).optional(),
});

export const userSchema = z.strictObject({
  corpId: z.string().min(1).max(100),
  userId,
  name: z.string().max(100).optional(),
  state: z.enum(["visible", "outside", "missing", "unlicensed"]).optional(),
});

export const groupSchema = z.strictObject({
  kind: z.enum(["party", "tag"]),
  corpId: z.string().min(1).max(100),
  id: z.string().min(1).max(64),
  userIds: z.array(userId).max(10_000),
});

export const faultsSchema = z.union([faultRulesSchema, z.strictObject({ rules: faultRulesSchema })]);

export const scopeSchema = z.strictObject({ app: appName.optional() });

export const clockSchema = z.strictObject({
  advanceMs: z
    .number()
    .min(0)
    .max(400 * 24 * 3_600_000),
});

export const policySchema = z.strictObject({
  timeoutMs: z.int().min(1).max(60_000).optional(),
  attempts: z.int().min(1).max(10).optional(),
  retryDelayMs: z.int().min(0).max(60_000).optional(),
  nonOkRetry: z.enum(["never", "server_errors", "always"]).optional(),
  sameEnvelope: z.boolean().optional(),
});

/** `app`, `user`, `path` and `limit` of the lists. Repeated parameters are refused with the rest of the malformed ones. */
export const listSchema = z.strictObject({
  app: appName.optional(),
  user: userId.optional(),
  path: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(5000).default(500),
});

export const chatSchema = z.strictObject({
  app: appName,
  user: userId,
  limit: z.coerce.number().int().min(1).max(1000).default(300),
});

export const overviewSchema = z.strictObject({ user: userId });

export const uploadSchema = z.strictObject({
  app: appName,
  type: z.enum(["image", "voice", "video", "file"]),
  filename: z.string().min(1).max(255),
});

import { deadJobSchema } from "@gateway/conversation";
import { redactData } from "./redact.ts";

/**
 * A job's data as the console may show it. The reason of a dead letter stays: the worker writes it from fixed
 * sentences and WeCom's error table, never from what a person or an agent wrote.
 */
export function redactJobData(data: unknown): unknown {
  const redacted = redactData(data);
  const dead = deadJobSchema.safeParse(data);
  return dead.success && typeof redacted === "object" ? { ...redacted, reason: dead.data.reason } : redacted;
}

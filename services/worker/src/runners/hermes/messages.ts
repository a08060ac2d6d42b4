import { z } from "zod";

/*
 * What the API server of Hermes Agent answers. Fields that the runner can do without are taken as absent when they are
 * not what they should be: another version may have others.
 */

const text = z.string().optional().catch(undefined);
const flag = z.boolean().catch(false).default(false);

export const capabilitiesSchema = z.object({
  object: z.literal("hermes.api_server.capabilities"),
  features: z.object({
    run_submission: flag,
    run_status: flag,
    run_events_sse: flag,
    run_stop: flag,
    run_steer: flag,
    run_approval_response: flag,
    runs_idempotency: z
      .object({
        supported: z.boolean().catch(true).default(true),
        durable: flag,
        retention_seconds: z.number().positive().catch(86_400).default(86_400),
      })
      .optional()
      .catch(undefined),
  }),
});
export type Features = z.output<typeof capabilitiesSchema>["features"];

/** Part of log lines and addresses. */
const runId = z.string().regex(/^[\w-]{1,128}$/);

export const acceptedSchema = z.object({ run_id: runId, replayed: flag });

const approvalSchema = z.object({
  request_id: text,
  command: text,
  description: text,
  tool: text,
  timestamp: z.number().optional().catch(undefined),
});
export type PendingApproval = z.output<typeof approvalSchema>;

export const statusSchema = z.object({
  /** queued, running, waiting_for_approval, stopping, or one of the ends below. */
  status: z.string(),
  updated_at: z.number().optional().catch(undefined),
  last_event: text,
  output: text,
  error: text,
  pending_steer: text,
  approval: approvalSchema.optional().catch(undefined),
});
export type RunStatus = z.output<typeof statusSchema>;

const ENDS: ReadonlySet<string> = new Set(["completed", "failed", "cancelled", "interrupted"]);
export const hasEnded = ({ status }: RunStatus): boolean => ENDS.has(status);

export const eventSchema = z.object({ event: z.string(), tool: text, preview: text, goal: text });
export type RunEvent = z.output<typeof eventSchema>;

export const errorSchema = z.object({
  error: z.object({ code: z.string().regex(/^\w{1,64}$/) }),
});

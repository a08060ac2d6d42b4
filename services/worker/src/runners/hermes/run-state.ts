import { createHash } from "node:crypto";
import type { RunnerState } from "@gateway/conversation";
import { z } from "zod";
import { personOf } from "../../conversations.ts";
import type { AbandonedTurn, Turn } from "../runner.ts";

const stateSchema = z.object({
  /** Counts up when a run has ended and another one is begun for the same turn. */
  generation: z.number().int(),
  sessionId: z.string(),
  /** The request as it was first sent, packed; see run-request.ts. */
  request: z.string(),
  /** Pictures that belong to it, by their contents. */
  images: z.array(z.object({ sha256: z.string(), mime: z.string() })),
  /** How many of the turn's messages it holds. */
  messages: z.number().int(),
  /** A request may have reached Hermes: only the same one may be sent under this key. */
  sentAtMs: z.number().optional(),
  runId: z.string().optional(),
  acceptedAtMs: z.number().optional(),
  /** How often a run of this turn was cut off by a restart of Hermes and continued. */
  continued: z.number().int(),
  /** The run has ended and may be begun anew. */
  over: z.boolean().optional(),
});

/** What is known of a turn's run at Hermes; the turn's checkpoint. */
export type HermesRun = Readonly<z.output<typeof stateSchema>>;

export function readRun(checkpoint: RunnerState | undefined): HermesRun | undefined {
  const parsed = stateSchema.safeParse(checkpoint);
  return parsed.success ? parsed.data : undefined;
}

/** The same for every attempt at a turn, another one for every generation of its run. */
export function idempotencyKey({ id, conversation }: AbandonedTurn, generation: number): string {
  return `wc-${digest([conversation.id, id, String(generation)])}`;
}

/** Hermes' own memory of the conversation; another one after /new. */
export function sessionIdOf({ conversation, session }: Turn): string {
  return `wc_${digest([conversation.id])}_${session.epoch}`;
}

/** What Hermes remembers of a person beyond sessions; in the form of its own gateway, with the app. */
export function sessionKeyOf({ conversation }: Pick<AbandonedTurn, "conversation">): string {
  const { corpId, agentId, userId } = personOf(conversation);
  const key = `agent:main:wecom_callback:dm:${corpId}:${agentId}:${userId}`;
  // A header of at most 256 visible characters.
  return /^[\x21-\x7e]{1,256}$/.test(key) ? key : `agent:main:wecom_callback:dm:${digest([conversation.id])}`;
}

function digest(parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 40);
}

import type { ConversationRef, ReplyPlan } from "@gateway/conversation";
import { parseConversationId } from "@gateway/conversation";
import { isBlank } from "@gateway/message-text";
import { personOf } from "../conversations.ts";
import type { ReplyInput } from "../delivery/plan-reply.ts";
import { planReply } from "../delivery/plan-reply.ts";
import { replyStyle } from "../delivery/reply-style.ts";
import type { Download } from "../media/out/download.ts";
import type { PrepareDeps, PreparedReply } from "../media/out/prepare-files.ts";
import { DEFAULT_MEDIA_OPTIONS, prepareFiles } from "../media/out/prepare-files.ts";
import type { Spool } from "../media/out/spool.ts";
import { wholeAsFile } from "../media/out/whole-as-file.ts";
import type { AgentMessage } from "../runners/agent-messages.ts";
import { agentMessageSchema } from "../runners/agent-messages.ts";
import type { AgentFile } from "../runners/runner.ts";
import { labelBackground } from "./label-background.ts";
import type { ActiveTurn, TurnDeps } from "./turn-deps.ts";

/** How long a finished answer waits for its files. What is not uploaded by then is uploaded when it is sent. */
const PATIENCE_MS = 45_000;

/** What sending files takes. */
export interface MediaOut {
  readonly spool: Spool;
  readonly download: Download;
}

/**
 * Plans what an agent answered: its files are fetched and uploaded first, because the plan holds final request bytes. A
 * text of too many messages becomes a file with a short beginning before it. Never rejects for a file's sake.
 */
export async function planAnswer(
  active: ActiveTurn,
  answer: {
    readonly text: string;
    readonly files?: readonly AgentFile[];
    readonly messages?: readonly AgentMessage[];
    readonly dirs?: readonly string[];
    readonly recalls: readonly string[];
  },
  signal: AbortSignal,
  deps: Pick<TurnDeps, "mediaOut" | "logger" | "now">,
): Promise<ReplyPlan> {
  const { app } = active;
  const { texts, client, media = DEFAULT_MEDIA_OPTIONS } = app;
  const options = { ...media, dirs: [...media.dirs, ...(answer.dirs ?? [])] };
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  const parts = { client, texts, options, ...deps.mediaOut, logger: deps.logger, signal: patience };
  const { text, files = [], recalls } = answer;
  const messages = (answer.messages ?? []).filter((message) => isSendable(message, active, deps));
  const lost = (answer.messages ?? []).length - messages.length;
  const ready = await prepareFiles({ text, files }, parts);
  const notes = lost === 0 ? ready.notes : [...ready.notes, texts.delivery.messagesNotSent({ count: lost })];
  const prepared = messages.length > 0 ? { ...ready, notes } : orRaw({ ...ready, notes }, text);
  const ref = parseConversationId(active.conversation);
  const input = {
    ...describeReply(active, ref, deps.now()),
    text: labelBackground(ref, texts, withNotes(prepared.text, prepared.notes)),
    messages: messages.map((body) => ({ body })),
    files: prepared.files,
  };
  const plan = planReply(input);
  const textChunks = plan.chunks.length - messages.length - prepared.files.length;
  const limit = options.wholeAfterChunks;
  const short =
    limit > 0 && textChunks > limit ? await shorten(input, ref, prepared, active, parts) : undefined;
  return { ...(short ?? plan), recalls };
}

/** A message that WeCom would refuse takes nothing else with it. */
function isSendable(
  message: AgentMessage,
  { id }: ActiveTurn,
  { logger }: Pick<TurnDeps, "logger">,
): boolean {
  const { error } = agentMessageSchema.safeParse(message);
  const [issue] = error?.issues ?? [];
  if (issue === undefined) return true;
  const problem = `${issue.path.map(String).join(".")}: ${issue.message}`;
  logger.warn({ turnId: id, msgtype: message.msgtype, problem }, "a message of the agent's cannot be sent");
  return false;
}

/** An answer of nothing but directives is better shown raw than not at all. */
function orRaw(prepared: PreparedReply, text: string): PreparedReply {
  const isEmpty = isBlank(prepared.text) && prepared.files.length === 0 && prepared.notes.length === 0;
  return isEmpty ? { ...prepared, text } : prepared;
}

function describeReply(active: ActiveTurn, ref: ConversationRef, createdAtMs: number) {
  return {
    id: active.id,
    kind: "answer" as const,
    conversation: personOf(ref),
    messageIds: active.messageIds,
    createdAtMs,
    style: replyStyle(active.app),
  };
}

async function shorten(
  input: ReplyInput,
  ref: ConversationRef,
  prepared: PreparedReply,
  { app }: ActiveTurn,
  deps: PrepareDeps,
): Promise<ReplyPlan | undefined> {
  const whole = await wholeAsFile(prepared.text, replyStyle(app).format, deps);
  if (whole === undefined) return undefined;
  const text = labelBackground(ref, app.texts, withNotes(whole.summary, prepared.notes));
  return planReply({ ...input, text, files: [whole.file, ...prepared.files] });
}

function withNotes(text: string, notes: readonly string[]): string {
  return [text.trimEnd(), notes.join("\n")].filter((part) => part !== "").join("\n\n");
}

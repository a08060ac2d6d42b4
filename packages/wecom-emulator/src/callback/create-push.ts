import { randomInt, randomUUID } from "node:crypto";
import { InputError } from "../input-error.ts";
import type { AppState } from "../state/app-registry.ts";
import type { PushRecord } from "../state/push-log.ts";
import type { World } from "../world.ts";
import { innerXml, isMessage } from "./inner-xml.ts";
import type { PushContent, PushContentInput } from "./push-content.ts";
import { pushContentSchema } from "./push-content.ts";

let lastMsgId = 0n;

/** Ids as WeCom's: numbers beyond 2^53, unique also after a restart and beside another emulator. */
function nextMsgId(nowMs: number): string {
  const fromTime = BigInt(nowMs) * 1_000_000n + BigInt(randomInt(1_000_000));
  lastMsgId = fromTime > lastMsgId ? fromTime : lastMsgId + 1n;
  return String(lastMsgId);
}

/** A card event speaks of the card that the member has: its task, its type and a fresh response code. */
function completeCardEvent(content: PushContent, app: AppState, userId: string, world: World): PushContent {
  if (content.type !== "template_card_event" || content.msgId === undefined) return content;
  const message = world.messages.find(content.msgId);
  const shown = message?.cardByUser.get(userId.toLowerCase()) ?? message?.content;
  if (message === undefined || shown?.kind !== "template_card")
    throw new InputError("There is no such card.");
  return {
    ...content,
    taskId: String(shown.card.task_id ?? ""),
    cardType: String(shown.card.card_type ?? ""),
    responseCode: world.responseCodes.issue({ appName: app.name, msgId: message.msgId }),
  };
}

export interface CreatePushInput {
  readonly app: AppState;
  readonly userId: string;
  readonly content: PushContentInput;
  /** For a message that is to look like one that was pushed before. */
  readonly msgId?: string | undefined;
  /** Epoch seconds; now when left out. */
  readonly createTime?: number | undefined;
}

/** Notes down what a member did; nothing is sent yet. Throws when the content is not valid. */
export function createPush(input: CreatePushInput, world: World): PushRecord {
  const { app, userId } = input;
  const member = world.directory.find(app.corpId, userId);
  if (member === undefined)
    throw new InputError(`"${userId}" is no user id of this corp (1 to 64 letters, digits, _ - . @).`);
  const content = completeCardEvent(pushContentSchema.parse(input.content), app, userId, world);
  const nowMs = world.clock.unshiftedMs();
  const msgId = input.msgId ?? nextMsgId(nowMs);
  const createTime = input.createTime ?? Math.floor(nowMs / 1000);
  const { corpId, agentId } = app;
  const record: PushRecord = {
    id: randomUUID(),
    seq: world.nextSeq(),
    atMs: world.clock.nowMs(),
    appName: app.name,
    corpId,
    agentId,
    userId: member.userId,
    content,
    plaintext: innerXml({ corpId, agentId, userId: member.userId, createTime, msgId, content }),
    status: "pending",
    attempts: [],
    ...(isMessage(content) ? { msgId } : {}),
  };
  world.pushes.add(record);
  world.feed.publish({ topic: "push", app: app.name, users: [record.userId] });
  return record;
}

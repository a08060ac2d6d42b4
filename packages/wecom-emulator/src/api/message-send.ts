import { ApiError } from "../api-error.ts";
import { WECOM_LIMITS } from "../limits.ts";
import type { Receiver } from "../state/message-log.ts";
import type { World } from "../world.ts";
import type { ApiAnswer, ApiHandler } from "./api-types.ts";
import { ok } from "./api-types.ts";
import { authorize, checkAgent } from "./authorize.ts";
import { createContentReader } from "./content-reader.ts";
import { isUpdatable } from "./content-template-card.ts";
import { readContent } from "./message-content.ts";
import { createMsgId } from "./msg-id.ts";
import type { Receivers } from "./receivers.ts";
import { resolveReceivers } from "./receivers.ts";
import type { TakenRequest } from "./record-message.ts";
import { recordMessage } from "./record-message.ts";
import type { JsonObject } from "./request-fields.ts";
import { readJson } from "./request-fields.ts";

interface Accepted extends TakenRequest {
  readonly receivers: Receivers;
}

function duplicateInterval(request: JsonObject): number | undefined {
  if (Number(request.enable_duplicate_check ?? 0) !== 1) return undefined;
  const asked = request.duplicate_check_interval;
  const seconds = typeof asked === "number" && asked > 0 ? asked : WECOM_LIMITS.duplicateCheckDefaultSeconds;
  return Math.min(seconds, WECOM_LIMITS.duplicateCheckMaxSeconds) * 1000;
}

/** What the answer says of the receivers; the platform joins ids with `|`. */
function listFields(receivers: Receivers) {
  return {
    invaliduser: receivers.invalidUsers.join("|"),
    invalidparty: receivers.invalidParties.join("|"),
    invalidtag: receivers.invalidTags.join("|"),
    unlicenseduser: receivers.unlicensedUsers.join("|"),
  };
}

/** A repeated request is swallowed and answered as a success. */
function suppress(accepted: Accepted, world: World, msgId: string): ApiAnswer {
  const receivers = accepted.receivers.userIds.map((userId) => ({
    userId,
    status: "suppressed_duplicate" as const,
  }));
  const { invalidUsers } = accepted.receivers;
  recordMessage(accepted, { msgId, receivers, invalidUsers, duplicateOf: msgId }, world);
  return ok({ ...listFields(accepted.receivers), msgid: msgId });
}

function deliver(accepted: Accepted, world: World, intervalMs: number | undefined): ApiAnswer {
  const { app, call, content } = accepted;
  if (!world.dailyQuota.take(app.name, accepted.receivers.userIds.length)) throw new ApiError(45009);
  const msgId = createMsgId();
  const receivers: Receiver[] = accepted.receivers.userIds.map((userId) => ({
    userId,
    status: world.memberQuota.take(app.name, userId.toLowerCase()),
  }));
  const updatable = content.kind === "template_card" && isUpdatable(content.card);
  const code = updatable ? { responseCode: world.responseCodes.issue({ appName: app.name, msgId }) } : {};
  if (intervalMs !== undefined) world.duplicates.remember(app.name, call.body, msgId, intervalMs);
  const { invalidUsers } = accepted.receivers;
  recordMessage(accepted, { msgId, receivers, invalidUsers, ...code }, world);
  return ok({
    ...listFields(accepted.receivers),
    msgid: msgId,
    ...(code.responseCode === undefined ? {} : { response_code: code.responseCode }),
  });
}

/**
 * `POST /message/send` (doc 90236). Answers success also when the content was cut, when the member's limit dropped the
 * message and when the duplicate check swallowed it; the message log tells the truth.
 */
export const sendMessage: ApiHandler = (call, world) => {
  const app = authorize(call, world);
  const request = readJson(call);
  checkAgent(request.agentid, app, world);
  const reader = createContentReader(app.corpId, world);
  const content = readContent(request, reader, app);
  const receivers = resolveReceivers(request, app, world);
  const accepted: Accepted = { call, request, app, content, receivers, cuts: reader.cuts };
  const intervalMs = duplicateInterval(request);
  const repeated = intervalMs === undefined ? undefined : world.duplicates.find(app.name, call.body);
  return repeated === undefined ? deliver(accepted, world, intervalMs) : suppress(accepted, world, repeated);
};

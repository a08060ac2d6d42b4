import { ApiError } from "../api-error.ts";
import { WECOM_LIMITS } from "../limits.ts";
import type { ApiHandler } from "./api-types.ts";
import { ok } from "./api-types.ts";
import { authorize } from "./authorize.ts";
import { readJson, text } from "./request-fields.ts";

/** `POST /message/recall` (doc 94867): the same app, within 24 hours. */
export const recallMessage: ApiHandler = (call, world) => {
  const app = authorize(call, world);
  const msgId = text(readJson(call), "msgid");
  if (msgId === "") throw new ApiError(40063, "msgid");
  const message = world.messages.find(msgId);
  if (message === undefined || message.appName !== app.name)
    throw new ApiError(40058, "no such msgid of this app");
  const nowMs = world.clock.nowMs();
  if (nowMs - message.atMs > WECOM_LIMITS.recallWindowMs) throw new ApiError(42052);
  message.recalledAtMs ??= nowMs;
  world.feed.publish({
    topic: "message",
    app: app.name,
    users: message.receivers.map((receiver) => receiver.userId),
  });
  return ok();
};

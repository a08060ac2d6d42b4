import { randomBytes } from "node:crypto";
import { ApiError } from "../api-error.ts";
import type { AppState } from "../state/app-registry.ts";
import type { Chat } from "../state/chats.ts";
import type { World } from "../world.ts";
import type { ApiHandler } from "./api-types.ts";
import { ok } from "./api-types.ts";
import { authorize } from "./authorize.ts";
import { createContentReader } from "./content-reader.ts";
import { readContent } from "./message-content.ts";
import { createMsgId } from "./msg-id.ts";
import { recordMessage } from "./record-message.ts";
import { ids, readJson, text } from "./request-fields.ts";

const NAME_LIMIT_CHARS = 50;
const USERS_LIMIT = 2000;
/** Doc 90248 does not offer them. */
const REFUSED = new Set(["template_card", "miniprogram_notice"]);

/** `POST /appchat/create` (doc 90245). */
export const createChat: ApiHandler = (call, world) => {
  const app = authorize(call, world);
  const request = readJson(call);
  const name = text(request, "name");
  const owner = text(request, "owner");
  const chatId = text(request, "chatid") || randomBytes(12).toString("hex");
  const userIds = ids(request, "userlist");
  if ([...name].length > NAME_LIMIT_CHARS) throw new ApiError(86004);
  if (!/^[0-9A-Za-z]{1,32}$/.test(chatId)) throw new ApiError(86001);
  if (userIds.length < 2 || userIds.length > USERS_LIMIT) throw new ApiError(86006, "2 to 2000 members");
  for (const userId of [owner, ...userIds])
    if (world.directory.find(app.corpId, userId)?.state !== "visible") throw new ApiError(86216, userId);
  if (!world.chats.add({ chatId, appName: app.name, name, owner, userIds })) throw new ApiError(86215);
  return ok({ chatid: chatId });
};

/** `GET /appchat/get` (doc 98914). */
export const getChat: ApiHandler = (call, world) => {
  const app = authorize(call, world);
  const { chatId, name, owner, userIds } = chatOf(call.query.get("chatid") ?? "", app, world);
  return ok({ chat_info: { chatid: chatId, name, owner, userlist: userIds } });
};

/** `POST /appchat/send` (doc 90248): neither a msgid nor a duplicate check. */
export const sendToChat: ApiHandler = (call, world) => {
  const app = authorize(call, world);
  const request = readJson(call);
  const chat = chatOf(text(request, "chatid"), app, world);
  if (REFUSED.has(text(request, "msgtype"))) throw new ApiError(40008);
  const reader = createContentReader(app.corpId, world);
  const content = readContent(request, reader, app);
  const receivers = chat.userIds.map((userId) => ({ userId, status: "delivered" as const }));
  recordMessage(
    { call, request, app, content, cuts: reader.cuts },
    { msgId: createMsgId(), receivers, invalidUsers: [], chatName: chat.name },
    world,
  );
  return ok();
};

function chatOf(chatId: string, app: AppState, world: World): Chat {
  if (chatId === "") throw new ApiError(86201);
  const chat = world.chats.find(chatId);
  if (chat === undefined) throw new ApiError(86003);
  if (chat.appName !== app.name) throw new ApiError(86008);
  return chat;
}

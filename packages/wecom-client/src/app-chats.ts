import { z } from "zod";
import { badAnswer, text } from "./answer.ts";
import type { WecomApi } from "./api.ts";
import { encodeJson, invalid } from "./encode-message.ts";
import { CHAT_NAME_LIMIT_CHARS, CHAT_USERS_LIMIT } from "./limits.ts";
import { messageBodySchema } from "./message-schema.ts";
import type { AppChat, CreateAppChatRequest, MessageBody, SendMessageResult, WecomClient } from "./types.ts";

type AppChatCalls = Pick<WecomClient, "createAppChat" | "getAppChat" | "sendAppChatBytes">;

/** Doc 90245: letters and digits, at most 32. */
const chatId = z.string().regex(/^[0-9A-Za-z]{1,32}$/, { error: "has to be 1 to 32 letters and digits" });

const createSchema = z.object({
  name: z
    .string()
    .min(1)
    .refine((name) => [...name].length <= CHAT_NAME_LIMIT_CHARS, {
      error: `is longer than ${CHAT_NAME_LIMIT_CHARS} characters`,
    }),
  owner: z.string().min(1),
  users: z.array(z.string().min(1)).min(2).max(CHAT_USERS_LIMIT),
  chatId: chatId.optional(),
});

const envelopeSchema = z.object({ chatid: chatId, msgtype: z.string() });
/** Doc 90248: neither cards nor mini program notices. */
const REFUSED: readonly MessageBody["msgtype"][] = ["template_card", "miniprogram_notice"];

/** Groups that the app has created itself: appchat/create, get and send (WeCom docs 90245, 98914, 90248). */
export function createAppChatCalls(api: WecomApi): AppChatCalls {
  return {
    async createAppChat(request) {
      const json = encodeJson(createBody(api, request));
      // Without an id of its own a second try would make a second group.
      const repeatable = request.chatId !== undefined;
      const answer = await api.postJson("appchat/create", json, { repeatable });
      const created = text(answer.chatid);
      if (created === "") throw badAnswer({ api: "appchat/create", app: api.appName }, "chatid");
      return created;
    },
    async getAppChat(id): Promise<AppChat> {
      const answer = await api.get("appchat/get", { chatid: id });
      const chat = chatInfo.safeParse(answer.chat_info);
      if (!chat.success) throw badAnswer({ api: "appchat/get", app: api.appName }, "chat_info");
      const { chatid, name, owner, userlist } = chat.data;
      return { chatId: chatid, name, owner, userIds: userlist };
    },
    async sendAppChatBytes(json): Promise<SendMessageResult> {
      checkAppChatBytes(api.app, json);
      const answer = await api.postJson("appchat/send", json, { repeatable: false });
      if (answer.errcode !== 0) throw badAnswer({ api: "appchat/send", app: api.appName }, "errcode");
      return { msgId: "", invalidUsers: [], invalidParties: [], invalidTags: [], unlicensedUsers: [] };
    },
  };
}

const chatInfo = z.object({
  chatid: z.string(),
  name: z.string().default(""),
  owner: z.string().default(""),
  userlist: z.array(z.string()).default([]),
});

interface App {
  readonly corpId: string;
  readonly agentId: string;
}

/** The final bytes of an appchat/send request. @throws WecomError of kind "content". */
export function encodeAppChatMessage(app: App, id: string, body: MessageBody): string {
  const json = encodeJson({ chatid: id, ...body });
  checkAppChatBytes(app, json);
  return json;
}

function checkAppChatBytes(app: App, json: string): void {
  const context = { api: "appchat/send", app: `${app.corpId}/${app.agentId}` };
  const checked = appChatSchema.safeParse(parse(json));
  if (!checked.success) throw invalid(context, checked.error);
}

const appChatSchema = envelopeSchema
  .and(messageBodySchema)
  .refine(({ msgtype }) => !REFUSED.some((kind) => kind === msgtype), {
    error: "cannot be sent to a group: no cards, no mini program notices",
    path: ["msgtype"],
  });

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function createBody(api: WecomApi, request: CreateAppChatRequest): object {
  const checked = createSchema.safeParse(request);
  if (!checked.success) throw invalid({ api: "appchat/create", app: api.appName }, checked.error);
  const { name, owner, users, chatId: id } = checked.data;
  return { name, owner, userlist: users, chatid: id };
}

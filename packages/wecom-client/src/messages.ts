import type { Answer } from "./answer.ts";
import { badAnswer, piped, text } from "./answer.ts";
import type { WecomApi } from "./api.ts";
import { checkMessageBytes, encodeJson, encodeMessage, invalid } from "./encode-message.ts";
import { templateCardSchema } from "./template-card-schema.ts";
import type { SendMessageResult, UpdateTemplateCardRequest, WecomClient } from "./types.ts";

type MessageCalls = Pick<
  WecomClient,
  "sendMessage" | "sendMessageBytes" | "recallMessage" | "updateTemplateCard"
>;

/** message/send, message/recall and message/update_template_card (WeCom docs 90236, 94867, 94888). */
export function createMessageCalls(api: WecomApi): MessageCalls {
  const sendMessageBytes = async (json: string): Promise<SendMessageResult> => {
    const { touser } = checkMessageBytes(api.app, json);
    const answer = await api.postJson("message/send", json, { repeatable: false });
    // Only here is silence about the errcode not taken for success.
    if (answer.errcode !== 0) throw badAnswer({ api: "message/send", app: api.appName }, "errcode");
    return readResult(answer, touser);
  };

  return {
    sendMessage: async (request) => sendMessageBytes(encodeMessage(api.app, request)),
    sendMessageBytes,
    async recallMessage(msgId) {
      await api.postJson("message/recall", encodeJson({ msgid: msgId }), { repeatable: true });
    },
    async updateTemplateCard(request) {
      const json = encodeJson(updateBody(api, request));
      // A response code works once: after a lost answer, trying again may fail for the very success.
      await api.postJson("message/update_template_card", json, { repeatable: false });
    },
  };
}

function updateBody(api: WecomApi, request: UpdateTemplateCardRequest): object {
  const { change } = request;
  if ("card" in change) {
    const checked = templateCardSchema.safeParse(change.card);
    if (!checked.success) {
      throw invalid({ api: "message/update_template_card", app: api.appName }, checked.error);
    }
  }
  return {
    userids: request.userIds,
    partyids: request.partyIds?.map(Number),
    tagids: request.tagIds?.map(Number),
    atall: request.atAll === true ? 1 : undefined,
    agentid: Number(api.app.agentId),
    response_code: request.responseCode,
    ...("card" in change
      ? { template_card: { ...change.card, replace_text: change.buttonText } }
      : { button: { replace_name: change.buttonText } }),
  };
}

function readResult(answer: Answer, touser: string): SendMessageResult {
  const asWritten = new Map(touser.split("|").map((id) => [id.toLowerCase(), id]));
  const users = (value: unknown) => piped(value).map((id) => asWritten.get(id.toLowerCase()) ?? id);
  const responseCode = text(answer.response_code);
  return {
    msgId: text(answer.msgid),
    ...(responseCode === "" ? {} : { responseCode }),
    invalidUsers: users(answer.invaliduser),
    invalidParties: piped(answer.invalidparty),
    invalidTags: piped(answer.invalidtag),
    unlicensedUsers: users(answer.unlicenseduser),
  };
}

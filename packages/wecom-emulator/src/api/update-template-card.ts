import { ApiError } from "../api-error.ts";
import { WECOM_LIMITS } from "../limits.ts";
import type { SentMessage } from "../state/message-log.ts";
import type { ShownContent } from "../view/shown-content.ts";
import type { World } from "../world.ts";
import type { ApiHandler } from "./api-types.ts";
import { ok } from "./api-types.ts";
import { authorize, checkAgent } from "./authorize.ts";
import { checkTemplateCard } from "./content-template-card.ts";
import type { JsonObject } from "./request-fields.ts";
import { ids, isObject, object, readJson, text } from "./request-fields.ts";

/** The users whose card changes, and those that never got it. */
function targets(request: JsonObject, message: SentMessage, world: World) {
  const userIds = ids(request, "userids");
  const partyIds = ids(request, "partyids");
  const tagIds = ids(request, "tagids");
  if (userIds.length > WECOM_LIMITS.users) throw new ApiError(40032);
  if (partyIds.length > WECOM_LIMITS.parties) throw new ApiError(82002);
  if (tagIds.length > WECOM_LIMITS.tags) throw new ApiError(82003);
  const holders = new Set(message.receivers.map((receiver) => receiver.userId.toLowerCase()));
  if (Number(request.atall ?? 0) === 1) return { holders: [...holders], strangers: [] };
  const groups = [
    ...partyIds.flatMap((id) => world.directory.group("party", message.corpId, id) ?? []),
    ...tagIds.flatMap((id) => world.directory.group("tag", message.corpId, id) ?? []),
  ];
  const asked = userIds.map((id) => id.toLowerCase());
  const wanted = [...new Set([...asked, ...groups.map((id) => id.toLowerCase())])];
  if (wanted.length === 0) throw new ApiError(82001);
  return {
    holders: wanted.filter((id) => holders.has(id)),
    strangers: asked.filter((id) => !holders.has(id)),
  };
}

/** Either a whole new card or a text in place of the buttons. */
function updatedContent(request: JsonObject, before: ShownContent): ShownContent {
  if (isObject(request.template_card)) {
    const card = request.template_card;
    checkTemplateCard(card);
    const greyed = text(card, "replace_text");
    return { kind: "template_card", card, ...(greyed === "" ? {} : { replacedButton: greyed }) };
  }
  const replacedButton = text(object(request, "button"), "replace_name");
  if (replacedButton === "" || before.kind !== "template_card") {
    throw new ApiError(40058, "button.replace_name or template_card is needed");
  }
  return { ...before, replacedButton };
}

/** `POST /message/update_template_card` (doc 94888). The response_code is used up by the first good request. */
export const updateTemplateCard: ApiHandler = (call, world) => {
  const app = authorize(call, world);
  const request = readJson(call);
  checkAgent(request.agentid, app, world);
  const code = text(request, "response_code");
  const holder = world.responseCodes.find(app.name, code);
  const message = holder === undefined ? undefined : world.messages.find(holder.msgId);
  if (message === undefined) throw new ApiError(60140);
  const { holders, strangers } = targets(request, message, world);
  const contents = holders.map((userId) => {
    const before = message.cardByUser.get(userId) ?? message.content;
    return { userId, content: updatedContent(request, before) };
  });
  world.responseCodes.use(code);
  for (const { userId, content } of contents) message.cardByUser.set(userId, content);
  world.feed.publish({ topic: "message", app: app.name, users: holders });
  return ok({ invaliduser: strangers.join("|") });
};

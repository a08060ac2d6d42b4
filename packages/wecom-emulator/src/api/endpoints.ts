import { getAgent } from "./agent-get.ts";
import type { ApiHandler } from "./api-types.ts";
import { createChat, getChat, sendToChat } from "./appchat.ts";
import { getToken } from "./gettoken.ts";
import { getApiDomainIps, getCallbackIps } from "./ip-lists.ts";
import { getMedia } from "./media-get.ts";
import { uploadMedia } from "./media-upload.ts";
import { createMenu, deleteMenu, getMenu } from "./menu.ts";
import { recallMessage } from "./message-recall.ts";
import { sendMessage } from "./message-send.ts";
import { updateTemplateCard } from "./update-template-card.ts";
import { getUser } from "./user-get.ts";

/** The part of the API that exists here; every other path answers 404, as unknown paths do in WeCom. */
export const ENDPOINTS: ReadonlyMap<string, ApiHandler> = new Map([
  ["gettoken", getToken],
  ["message/send", sendMessage],
  ["message/recall", recallMessage],
  ["message/update_template_card", updateTemplateCard],
  ["appchat/create", createChat],
  ["appchat/get", getChat],
  ["appchat/send", sendToChat],
  ["media/upload", uploadMedia],
  ["media/get", getMedia],
  ["agent/get", getAgent],
  ["user/get", getUser],
  ["getcallbackip", getCallbackIps],
  ["get_api_domain_ip", getApiDomainIps],
  ["menu/create", createMenu],
  ["menu/get", getMenu],
  ["menu/delete", deleteMenu],
]);

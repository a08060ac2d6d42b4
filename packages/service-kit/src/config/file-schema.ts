import { z } from "zod";
import * as field from "./fields.ts";
import * as media from "./media-fields.ts";
import { runnerSchema } from "./runners/runner-section.ts";

export const APP_LIMIT = 2000;

const keySetSchema = z.object(
  { token: field.callbackToken, encoding_aes_key: field.encodingAesKey },
  { error: "Needs the keys token and encoding_aes_key." },
);

/** What an app may add to Hermes' keys; beside `apps` these are the defaults of every app in the list. */
const appOptions = {
  api_base_url: field.apiBaseUrl.optional(),
  http_proxy: field.httpProxy.optional(),
  allowed_users: field.userList.optional(),
  /** Hermes' name for allowed_users. */
  allow_from: field.userList.optional(),
  allow_all_users: field.flag.optional(),
  admin_users: field.adminList.optional(),
  pairing: field.flag.optional(),
  deny_notice: field.flag.optional(),
  cards: field.flag.optional(),
  admins_approve: field.flag.optional(),
  language: field.language.optional(),
  texts: field.filePath.optional(),
  busy_mode: field.busyMode.optional(),
  reply_format: field.replyFormat.optional(),
  reply_numbers: field.flag.optional(),
  unknown_outcome: field.unknownOutcome.optional(),
  late_replies: field.lateReplies.optional(),
  accounts: field.accounts.optional(),
  menu: field.menu.optional(),
  welcome: field.messageText.optional(),
  media_dirs: media.directoryList.optional(),
  media_urls: field.flag.optional(),
  reply_file_after_chunks: media.chunkCount.optional(),
  runner: runnerSchema.optional(),
};

export const appSchema = z.object({
  name: field.appName.optional(),
  corp_id: field.corpId,
  corp_secret: field.corpSecret,
  agent_id: field.agentId,
  token: field.callbackToken,
  encoding_aes_key: field.encodingAesKey,
  additional_keys: z.array(keySetSchema).max(1, "Needs at most one further key set.").optional(),
  ...appOptions,
});

/** The keys of `platforms.wecom_callback.extra` beside the apps themselves. */
export const extraSchema = z.object({
  host: field.host.optional(),
  port: field.port.optional(),
  path: field.callbackPath.optional(),
  ...appOptions,
});

export type FileApp = z.output<typeof appSchema>;
export type FileExtra = z.output<typeof extraSchema>;

export const LISTEN_KEYS: readonly string[] = ["host", "port", "path"];
export const APP_KEYS: readonly string[] = Object.keys(appSchema.shape);
export const EXTRA_KEYS: readonly string[] = [...Object.keys(extraSchema.shape), "apps"];
export const KEY_SET_KEYS: readonly string[] = Object.keys(keySetSchema.shape);
/** Keys that make `extra` itself an app, in the single-app form. */
export const CREDENTIAL_KEYS: readonly string[] = [
  "corp_id",
  "corp_secret",
  "agent_id",
  "token",
  "encoding_aes_key",
];
export const HIDDEN_KEYS: readonly string[] = [
  "corp_secret",
  "token",
  "encoding_aes_key",
  "http_proxy",
  "api_base_url",
  "command",
  "url",
  "api_key",
  "headers",
];

import type { EnvironmentSettings } from "./environment-schema.ts";
import type { FaultList } from "./fault-list.ts";
import type { FileApp, FileExtra } from "./file-schema.ts";
import { runnerOfEnvironment, runnerOfFile } from "./runners/build-runner.ts";
import type { RunnerConfig } from "./runners/runner-config.ts";
import type { BusyMode, Language, MediaConfig, ReplySettings } from "./types.ts";

/** The settings of an app that may come from more than one place. Each group counts or does not as a whole. */
export interface AppLayer {
  readonly apiBaseUrl?: string | undefined;
  readonly httpProxy?: string | undefined;
  readonly access?: { readonly allowedUsers: readonly string[]; readonly allowAllUsers: boolean } | undefined;
  readonly adminUsers?: readonly string[] | undefined;
  readonly pairing?: boolean | undefined;
  readonly denyNotice?: boolean | undefined;
  readonly cards?: boolean | undefined;
  readonly adminsApprove?: boolean | undefined;
  readonly language?: Language | undefined;
  readonly textsFile?: string | undefined;
  readonly busyMode?: BusyMode | undefined;
  readonly menu?: Readonly<Record<string, string>> | undefined;
  readonly welcome?: string | undefined;
  readonly replies: { readonly [Key in keyof ReplySettings]?: ReplySettings[Key] | undefined };
  readonly media: { readonly [Key in keyof MediaConfig]?: MediaConfig[Key] | undefined };
  readonly runner?: RunnerConfig | undefined;
}

/** `where`: the path of these options in the file, for faults. */
export function layerOfFile(
  options: FileApp | FileExtra,
  variables: EnvironmentSettings,
  where: string,
  faults: FaultList,
): AppLayer {
  return {
    apiBaseUrl: options.api_base_url,
    httpProxy: options.http_proxy,
    access: accessOf(options.allowed_users ?? options.allow_from, options.allow_all_users),
    adminUsers: options.admin_users,
    pairing: options.pairing,
    denyNotice: options.deny_notice,
    cards: options.cards,
    adminsApprove: options.admins_approve,
    language: options.language,
    textsFile: options.texts,
    busyMode: options.busy_mode,
    menu: options.menu,
    welcome: options.welcome,
    replies: {
      format: options.reply_format,
      number: options.reply_numbers,
      unknownOutcome: options.unknown_outcome,
      late: options.late_replies,
      accounts: options.accounts,
    },
    media: {
      dirs: options.media_dirs,
      urls: options.media_urls,
      wholeAfterChunks: options.reply_file_after_chunks,
    },
    runner: runnerOfFile(options.runner, variables, `${where}.runner`, faults),
  };
}

export function layerOfEnvironment(variables: EnvironmentSettings, faults: FaultList): AppLayer {
  return {
    apiBaseUrl: variables.WECOM_API_BASE_URL,
    httpProxy: variables.WECOM_HTTP_PROXY,
    access: accessOf(variables.WECOM_CALLBACK_ALLOWED_USERS, variables.WECOM_CALLBACK_ALLOW_ALL_USERS),
    adminUsers: variables.WECOM_CALLBACK_ADMIN_USERS,
    pairing: variables.WECOM_CALLBACK_PAIRING,
    denyNotice: variables.WECOM_CALLBACK_DENY_NOTICE,
    cards: variables.WECOM_CALLBACK_CARDS,
    adminsApprove: variables.WECOM_CALLBACK_ADMINS_APPROVE,
    language: variables.WECOM_CALLBACK_LANGUAGE,
    textsFile: variables.WECOM_CALLBACK_TEXTS,
    busyMode: variables.WECOM_CALLBACK_BUSY_MODE,
    welcome: variables.WECOM_CALLBACK_WELCOME,
    replies: {
      format: variables.WECOM_CALLBACK_REPLY_FORMAT,
      number: variables.WECOM_CALLBACK_REPLY_NUMBERS,
      unknownOutcome: variables.WECOM_CALLBACK_UNKNOWN_OUTCOME,
      late: variables.WECOM_CALLBACK_LATE_REPLIES,
      accounts: variables.WECOM_CALLBACK_ACCOUNTS,
    },
    media: {
      dirs: variables.AGENT_MEDIA_DIRS,
      urls: variables.AGENT_MEDIA_URLS,
      wholeAfterChunks: variables.WECOM_CALLBACK_REPLY_FILE_AFTER_CHUNKS,
    },
    runner: runnerOfEnvironment(variables, faults),
  };
}

function accessOf(users: readonly string[] | undefined, all: boolean | undefined): AppLayer["access"] {
  return users === undefined && all === undefined
    ? undefined
    : { allowedUsers: users ?? [], allowAllUsers: all ?? false };
}

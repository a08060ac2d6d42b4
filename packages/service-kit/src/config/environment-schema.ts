import { z } from "zod";
import * as field from "./fields.ts";
import * as media from "./media-fields.ts";
import { proxyList } from "./proxy-fields.ts";
import { runnerVariables } from "./runners/runner-variables.ts";

/**
 * Every variable the gateway reads. Values arrive as text, with empty ones taken as not set. `.env.example`
 * documents each of them, and a test keeps the two equal.
 */
export const environmentSchema = z.object({
  WECOM_CALLBACK_CORP_ID: field.corpId.optional(),
  WECOM_CALLBACK_CORP_SECRET: field.corpSecret.optional(),
  WECOM_CALLBACK_AGENT_ID: field.agentId.optional(),
  WECOM_CALLBACK_TOKEN: field.callbackToken.optional(),
  WECOM_CALLBACK_ENCODING_AES_KEY: field.encodingAesKey.optional(),
  WECOM_CALLBACK_ADDITIONAL_TOKEN: field.callbackToken.optional(),
  WECOM_CALLBACK_ADDITIONAL_ENCODING_AES_KEY: field.encodingAesKey.optional(),
  WECOM_CALLBACK_ALLOWED_USERS: field.userList.optional(),
  WECOM_CALLBACK_ALLOW_ALL_USERS: field.flag.optional(),
  WECOM_CALLBACK_ADMIN_USERS: field.adminList.optional(),
  WECOM_CALLBACK_PAIRING: field.flag.optional(),
  WECOM_CALLBACK_DENY_NOTICE: field.flag.optional(),
  WECOM_CALLBACK_CARDS: field.flag.optional(),
  WECOM_CALLBACK_ADMINS_APPROVE: field.flag.optional(),
  WECOM_CALLBACK_LANGUAGE: field.language.optional(),
  WECOM_CALLBACK_BUSY_MODE: field.busyMode.optional(),
  WECOM_CALLBACK_REPLY_FORMAT: field.replyFormat.optional(),
  WECOM_CALLBACK_REPLY_NUMBERS: field.flag.optional(),
  WECOM_CALLBACK_UNKNOWN_OUTCOME: field.unknownOutcome.optional(),
  WECOM_CALLBACK_LATE_REPLIES: field.lateReplies.optional(),
  WECOM_CALLBACK_ACCOUNTS: field.accounts.optional(),
  WECOM_CALLBACK_WELCOME: field.messageText.optional(),
  WECOM_CALLBACK_TEXTS: field.filePath.optional(),
  WECOM_CALLBACK_HOST: field.host.optional(),
  WECOM_CALLBACK_PORT: field.port.optional(),
  WECOM_CALLBACK_PATH: field.callbackPath.optional(),
  WECOM_CALLBACK_MAX_SKEW_SECONDS: field
    .wholeNumber(0, 86_400, "the largest difference between a callback's timestamp and our clock, 0 for none")
    .prefault("600"),
  WECOM_API_BASE_URL: field.apiBaseUrl.optional(),
  WECOM_HTTP_PROXY: field.httpProxy.optional(),
  GATEWAY_CONFIG: field.filePath.optional(),
  REDIS_URL: field.redisUrl.prefault("redis://127.0.0.1:6379"),
  REDIS_PREFIX: field.redisPrefix.prefault("{wgw}"),
  ...runnerVariables,
  AGENT_MEDIA_DIRS: media.directoryList.optional(),
  AGENT_MEDIA_URLS: field.flag.optional(),
  WECOM_CALLBACK_REPLY_FILE_AFTER_CHUNKS: media.chunkCount.optional(),
  GATEWAY_MEDIA_DIR: media.directory.optional(),
  GATEWAY_MEDIA_KEEP_DAYS: media.keepDays.prefault("7"),
  VOICE_TRANSCRIBE_URL: media.transcribeUrl.optional(),
  VOICE_TRANSCRIBE_API_KEY: media.transcribeApiKey.optional(),
  VOICE_TRANSCRIBE_MODEL: media.transcribeModel.prefault("whisper-1"),
  AGENT_WORKSPACE_DIR: media.directory.optional(),
  AGENT_WORKSPACE_SHARED: field.flag.prefault("false"),
  AGENT_WORKSPACE_LIMIT_MB: field
    .wholeNumber(1, 1_000_000, "megabytes that one person's agent may keep on disk")
    .prefault("2048"),
  AGENT_MAX_PROCESSES: field
    .wholeNumber(1, 10_000, "agent processes at the same time in one worker")
    .prefault("20"),
  WORKER_NAME: field.workerName.optional(),
  WORKER_CONCURRENCY: field
    .wholeNumber(1, 5000, "turns at the same time in one worker process")
    .prefault("200"),
  WORKER_MAX_ATTEMPTS: field
    .wholeNumber(1, 10, "how often one message may be given to the agent when runs are cut off")
    .prefault("3"),
  WORKER_DRAIN_SECONDS: field
    .wholeNumber(0, 3600, "how long running turns may finish at shutdown before they are handed over")
    .prefault("20"),
  WORKER_DEAD_AFTER_SECONDS: field
    .wholeNumber(1, 80, "after how many seconds of silence another worker's turns are taken over")
    .prefault("10"),
  TURN_QUIET_MS: field
    .wholeNumber(0, 60_000, "the pause, in milliseconds, after which what a person wrote is one turn")
    .prefault("1200"),
  TURN_CAP_MS: field
    .wholeNumber(0, 300_000, "the longest wait, in milliseconds, for more messages of the same turn")
    .prefault("5000"),
  NOTICE_AFTER_SECONDS: field.secondsList.prefault("15,60,180,360,600,900,1200,1500,1800"),
  CARD_AFTER_SECONDS: field
    .wholeNumber(1, 3600, "seconds after which a run gets its card, where the app shows cards")
    .prefault("5"),
  AGENT_IDLE_SECONDS: field
    .wholeNumber(10, 86_400, "seconds without a sign of life after which a run is stopped")
    .prefault("1800"),
  APPROVAL_SECONDS: field
    .wholeNumber(10, 86_400, "seconds that an agent's request waits for the person")
    .prefault("600"),
  SESSION_IDLE_MINUTES: field
    .wholeNumber(0, 525_600, "minutes of silence after which a new session begins, 0 for never")
    .prefault("0"),
  SESSION_DAILY_HOUR: field.wholeNumber(0, 23, "hour of the day at which sessions begin anew").optional(),
  WORKER_HEALTH_HOST: field.host.prefault("127.0.0.1"),
  WORKER_HEALTH_PORT: field.port.prefault("8647"),
  METRICS_HOST: field.host.prefault("127.0.0.1"),
  METRICS_PORT: field.port.optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: field.collectorUrl.optional(),
  OTEL_EXPORTER_OTLP_HEADERS: field.collectorHeaders.optional(),
  LOG_LEVEL: field.logLevel.prefault("info"),
  CONSOLE_HOST: field.host.prefault("127.0.0.1"),
  CONSOLE_PORT: field.port.prefault("8646"),
  CONSOLE_USER: field.consoleUser.prefault("admin"),
  CONSOLE_PASSWORD: field.consolePassword.optional(),
  CONSOLE_API_TOKEN: field.apiToken.optional(),
  CONSOLE_TRUSTED_PROXIES: proxyList.optional(),
  CONSOLE_SHOW_CONTENT: field.flag.prefault("false"),
});

export type EnvironmentSettings = z.output<typeof environmentSchema>;
export type SettingName = keyof EnvironmentSettings;

/** Settings whose value is never shown. Each may also be given as NAME_FILE, the path of a file that holds it. */
export const SECRET_SETTINGS = [
  "WECOM_CALLBACK_CORP_SECRET",
  "WECOM_CALLBACK_TOKEN",
  "WECOM_CALLBACK_ENCODING_AES_KEY",
  "WECOM_CALLBACK_ADDITIONAL_TOKEN",
  "WECOM_CALLBACK_ADDITIONAL_ENCODING_AES_KEY",
  "WECOM_HTTP_PROXY",
  "REDIS_URL",
  "AGENT_API_KEY",
  "VOICE_TRANSCRIBE_API_KEY",
  "CONSOLE_PASSWORD",
  "CONSOLE_API_TOKEN",
  "OTEL_EXPORTER_OTLP_HEADERS",
] as const satisfies readonly SettingName[];

/** Not secrets by nature, but people put secrets into them: they have no _FILE variant and are not shown. */
export const HIDDEN_SETTINGS: readonly string[] = [
  ...SECRET_SETTINGS,
  "AGENT_COMMAND",
  "AGENT_CONTAINER",
  "AGENT_URL",
  "WECOM_API_BASE_URL",
  "VOICE_TRANSCRIBE_URL",
  "OTEL_EXPORTER_OTLP_ENDPOINT",
];

export const SETTING_NAMES: readonly string[] = Object.keys(environmentSchema.shape);

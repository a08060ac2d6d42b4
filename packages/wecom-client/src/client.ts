import type { Redis } from "ioredis";
import { createAccessTokens } from "./access-tokens.ts";
import { createApi } from "./api.ts";
import { createAppChatCalls } from "./app-chats.ts";
import { createDirectoryCalls } from "./directory.ts";
import { WECOM_BASE_URL } from "./endpoint.ts";
import { WecomError } from "./errors.ts";
import type { WecomLogger } from "./logger.ts";
import { silentLogger } from "./logger.ts";
import { createMediaDownload } from "./media-download.ts";
import { createMediaUpload } from "./media-upload.ts";
import { createMessageCalls } from "./messages.ts";
import { createTransport } from "./transport.ts";
import type { WecomClient } from "./types.ts";

export interface WecomClientOptions {
  readonly corpId: string;
  /** Digits, as in the admin console. */
  readonly agentId: string;
  readonly corpSecret: string;
  /** Default https://qyapi.weixin.qq.com. With or without /cgi-bin. */
  readonly baseUrl?: string;
  /** http:// or https:// proxy that everything goes through by CONNECT. The environment's proxies are ignored. */
  readonly proxyUrl?: string;
  /** For one call, connection included; uploads get more by their size. Default 10 000. */
  readonly timeoutMs?: number;
  /** Where access tokens are shared. Not closed by the client. */
  readonly redis: Redis;
  /** Every key starts with this and a colon. A {hash tag} keeps them in one cluster slot. */
  readonly prefix: string;
  readonly logger?: WecomLogger;
}

const TIMEOUT_MS = 10_000;
const TOKEN_TIMEOUT_MS = 5_000;

/**
 * One app's side of the WeCom API. Every call fails with a WecomError and nothing else; neither errors nor
 * log lines hold the secret, an access token or message content.
 */
export function createWecomClient(options: WecomClientOptions): WecomClient {
  const {
    corpId,
    agentId,
    corpSecret,
    redis,
    prefix,
    logger = silentLogger,
    timeoutMs = TIMEOUT_MS,
  } = options;
  const app = { corpId, agentId };
  checkOptions(options, timeoutMs);
  const transport = createTransport({
    baseUrl: options.baseUrl ?? WECOM_BASE_URL,
    proxyUrl: options.proxyUrl,
    timeoutMs,
    app: `${corpId}/${agentId}`,
  });
  const fetchTimeoutMs = Math.min(timeoutMs, TOKEN_TIMEOUT_MS);
  const tokens = createAccessTokens({ ...app, corpSecret, redis, prefix, transport, logger, fetchTimeoutMs });
  const api = createApi({ app, transport, tokens, logger, timeoutMs });
  return {
    ...createMessageCalls(api),
    ...createMediaUpload(api),
    ...createMediaDownload(api),
    ...createDirectoryCalls(api),
    ...createAppChatCalls(api),
    async close() {
      await tokens.close();
      transport.close();
    },
  };
}

function checkOptions(options: WecomClientOptions, timeoutMs: number): void {
  const faults = [
    /^[\w-]{1,64}$/.test(options.corpId) ? undefined : "corpId has to be letters, digits, - and _",
    /^\d{1,15}$/.test(options.agentId) ? undefined : "agentId has to be digits",
    options.corpSecret === "" ? "corpSecret is empty" : undefined,
    Number.isFinite(timeoutMs) && timeoutMs > 0 ? undefined : "timeoutMs has to be positive",
  ].filter((fault) => fault !== undefined);
  if (faults.length === 0) return;
  throw new WecomError({
    api: "client",
    app: `${options.corpId}/${options.agentId}`,
    code: "options_invalid",
    kind: "configuration",
    summary: faults.join("; "),
    hint: "Correct the configuration.",
  });
}

export {
  type AppBreaker,
  type AppProblem,
  type BreakerTimes,
  concernsWholeApp,
  createAppBreaker,
  readAppProblems,
} from "./app-breaker.ts";
export { encodeAppChatMessage } from "./app-chats.ts";
export { createWecomClient, type WecomClientOptions } from "./client.ts";
export { encodeJson, encodeMessage, type SendingApp } from "./encode-message.ts";
export type { ErrcodeOwner, ErrcodeRow } from "./errcode-row.ts";
export { describeErrcode, ERRCODES } from "./errcodes.ts";
export { WecomError, type WecomErrorKind } from "./errors.ts";
export { safeFileName } from "./file-name.ts";
export * from "./limits.ts";
export type { WecomLogger } from "./logger.ts";
export { messageBodySchema, messageDraftSchema } from "./message-schema.ts";
export {
  createRateLimiter,
  type Permit,
  type PermitOutcome,
  type RateLimiter,
  type Taken,
} from "./rate-limiter.ts";
export { DAILY_MESSAGES_PER_ACCOUNT, type SendLimits, type SendRequest } from "./rate-limiter-rules.ts";
export { type AccessTokenState, readAccessTokens } from "./read-access-tokens.ts";
export { readSendBudgets, type SendBudget } from "./read-send-budgets.ts";
export { templateCardSchema } from "./template-card-schema.ts";
export type {
  AgentInfo,
  AppChat,
  CreateAppChatRequest,
  DownloadedMedia,
  MediaType,
  MessageBody,
  MessageType,
  Recipients,
  SendMessageRequest,
  SendMessageResult,
  SendOptions,
  TemplateCard,
  UpdateTemplateCardRequest,
  UploadedMedia,
  UploadMediaRequest,
  UserInfo,
  WecomClient,
} from "./types.ts";
export {
  createUserCorpMap,
  type UserCorpEntry,
  type UserCorpMap,
  type UserCorpResolution,
  type UserCorpSighting,
} from "./user-corp-map.ts";

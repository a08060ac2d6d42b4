import { groupChatOf, parseConversationId } from "@gateway/conversation";
import type { BreakerTimes, SendLimits } from "@gateway/wecom-client";
import {
  CHAT_MEMBER_MESSAGES_PER_DAY,
  CHAT_MEMBER_MESSAGES_PER_MINUTE,
  createAppBreaker,
  createRateLimiter,
} from "@gateway/wecom-client";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import type { WorkerApps } from "../apps.ts";
import type { Spool } from "../media/out/spool.ts";
import { uploadFile } from "../media/out/upload-file.ts";
import type { SendingApp } from "./deliver-reply.ts";
import { DEFAULT_REPLY_OPTIONS } from "./reply-options.ts";
import { createSendGate } from "./send-gate.ts";

/** Figures of the platform and of the breaker; tests make the times short. */
export interface SendingRules {
  readonly limits?: Partial<SendLimits>;
  readonly breaker?: BreakerTimes;
}

/** Finds the app of a conversation, with the limits and the breaker that all workers share. */
export function createSendingApps(deps: {
  readonly redis: Redis;
  readonly prefix: string;
  readonly apps: Pick<WorkerApps, "find">;
  readonly spool: Spool;
  readonly logger: Logger;
  readonly rules?: SendingRules | undefined;
}): (conversation: string) => SendingApp | undefined {
  const { redis, prefix, logger, rules = {} } = deps;
  const { limits = {}, breaker: times } = rules;
  const limiter = createRateLimiter({ redis, prefix, api: "message/send", limits });
  const chatLimiter = createRateLimiter({
    redis,
    prefix,
    api: "appchat/send",
    limits: {
      memberPerMinute: CHAT_MEMBER_MESSAGES_PER_MINUTE,
      memberPerHour: Math.floor(CHAT_MEMBER_MESSAGES_PER_DAY / 24),
      ...limits,
    },
  });
  const breaker = createAppBreaker({ redis, prefix, ...(times === undefined ? {} : { times }) });
  return (conversation) => {
    const { corpId, agentId, userId } = parseConversationId(conversation);
    const app = deps.apps.find({ corpId, agentId });
    if (app === undefined) return undefined;
    const policy = app.replies ?? DEFAULT_REPLY_OPTIONS;
    const destination = { corpId, agentId, userId, appName: app.name, perDay: policy.perDay };
    const isChat = groupChatOf({ userId }) !== undefined;
    return {
      send: (body) => (isChat ? app.client.sendAppChatBytes(body) : app.client.sendMessageBytes(body)),
      upload: (media) => uploadFile(media, { client: app.client, spool: deps.spool }),
      gate: createSendGate(destination, { limiter: isChat ? chatLimiter : limiter, breaker, logger }),
      // In a group WeCom recognises no second sending.
      policy: isChat ? { ...policy, resendWindowMs: 0 } : policy,
      texts: app.texts,
    };
  };
}

import { createAgentCallbacks, createKeys } from "@gateway/conversation";
import { createUserList } from "@gateway/conversation/access";
import type { AppConfig, Environment, GatewayConfig } from "@gateway/service-kit";
import { loadTexts } from "@gateway/texts";
import { createWecomClient, DAILY_MESSAGES_PER_ACCOUNT } from "@gateway/wecom-client";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { limitCalls } from "./delivery/limited-calls.ts";
import type { ReplyOptions } from "./delivery/reply-options.ts";
import type { LiveApps } from "./live-apps.ts";
import { createLiveApps } from "./live-apps.ts";
import { createCallbackWaiter } from "./runners/http/callback-waiter.ts";
import { createRunner } from "./runners/registry.ts";

const WELCOME_EVERY_HOURS = 24;

/** The apps of the configuration, each with its client, its runner and its texts. */
export function createConfiguredApps(
  config: GatewayConfig,
  deps: { redis: Redis; subscriber?: Redis; logger: Logger; env: Environment; now?: () => number },
): LiveApps {
  const { redis, subscriber, logger, env, now = Date.now } = deps;
  const { worker } = config;
  const keys = createKeys(config.redis.prefix);
  const callbacks = createCallbackWaiter({
    callbacks: createAgentCallbacks({ redis, keys }),
    subscriber,
    keys,
  });
  const client = (app: AppConfig) => {
    const ownClient = createWecomClient({
      corpId: app.corpId,
      agentId: app.agentId,
      corpSecret: app.corpSecret,
      baseUrl: app.apiBaseUrl,
      ...(app.httpProxy === undefined ? {} : { proxyUrl: app.httpProxy }),
      redis,
      prefix: config.redis.prefix,
      logger,
    });
    return limitCalls(ownClient, app, { redis, prefix: config.redis.prefix });
  };
  return createLiveApps(config.apps, {
    client,
    runner: (app) =>
      createRunner(app.runner, { logger, env, mediaDirs: app.media.dirs, worker, callbacks, now }),
    rest: (app) => ({
      name: app.name,
      texts: loadTexts({ language: app.language, overridesFile: app.textsFile }),
      busyMode: app.busyMode,
      menu: app.menu,
      ...(app.welcome === undefined
        ? {}
        : { welcome: { text: app.welcome, everyHours: WELCOME_EVERY_HOURS } }),
      isAdmin: createUserList({ corpId: app.corpId, users: app.adminUsers }),
      replies: replyOptions(app.replies),
      cards: app.cards,
      adminsApprove: app.adminsApprove,
      pairing: app.pairing,
      denyNotice: app.denyNotice,
      media: app.media,
    }),
    logger,
  });
}

function replyOptions({ accounts, ...settings }: AppConfig["replies"]): ReplyOptions {
  return { ...settings, perDay: accounts === undefined ? undefined : accounts * DAILY_MESSAGES_PER_ACCOUNT };
}

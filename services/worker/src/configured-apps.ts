import { createUserList } from "@gateway/conversation/access";
import type { Environment, GatewayConfig } from "@gateway/service-kit";
import { createWecomClient } from "@gateway/wecom-client";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import type { WorkerApps } from "./apps.ts";
import { createWorkerApps } from "./apps.ts";
import { DEFAULT_NOTICE_AFTER_SECONDS } from "./progress/notices.ts";
import { createRunner } from "./runners/registry.ts";
import { loadTexts } from "./texts/load-texts.ts";
import type { TurnSettings } from "./turn/turn-deps.ts";

/** The apps of the configuration, each with its client, its runner and its texts. */
export function createConfiguredApps(
  config: GatewayConfig,
  deps: { redis: Redis; logger: Logger; env: Environment },
): WorkerApps {
  const { redis, logger, env } = deps;
  return createWorkerApps(config.apps, (app) => ({
    name: app.name,
    client: createWecomClient({
      corpId: app.corpId,
      agentId: app.agentId,
      corpSecret: app.corpSecret,
      baseUrl: app.apiBaseUrl,
      ...(app.httpProxy === undefined ? {} : { proxyUrl: app.httpProxy }),
      redis,
      prefix: config.redis.prefix,
      logger,
    }),
    runner: createRunner(app.runner, { logger, env }),
    texts: loadTexts({ language: "zh-CN" }),
    busyMode: "queue",
    isAdmin: createUserList({ corpId: app.corpId, users: app.adminUsers }),
    pairing: app.pairing,
    denyNotice: app.denyNotice,
  }));
}

export function turnSettings(config: GatewayConfig): TurnSettings {
  return {
    batch: config.worker.batch,
    maxAttempts: config.worker.maxAttempts,
    noticeAfterSeconds: DEFAULT_NOTICE_AFTER_SECONDS,
    idleMs: 1_800_000,
    approvalMs: 600_000,
  };
}

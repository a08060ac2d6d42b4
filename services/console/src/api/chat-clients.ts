import type { AppConfig } from "@gateway/service-kit";
import { createWecomClient } from "@gateway/wecom-client";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import type { ChatClient } from "./chats.ts";

type App = Pick<AppConfig, "corpId" | "agentId">;

/** Groups are created and read at once, by a client that lives as long as its app's credentials. */
export function createChatClients(deps: {
  readonly apps: () => readonly AppConfig[];
  readonly redis: Redis;
  readonly prefix: string;
  readonly logger: Logger;
}): (app: App) => ChatClient | undefined {
  const { redis, prefix, logger } = deps;
  const clients = new WeakMap<AppConfig, ChatClient>();
  return ({ corpId, agentId }) => {
    const config = deps.apps().find((app) => app.corpId === corpId && app.agentId === agentId);
    if (config === undefined) return undefined;
    const known = clients.get(config);
    if (known !== undefined) return known;
    const { corpSecret, apiBaseUrl: baseUrl, httpProxy } = config;
    const proxy = httpProxy === undefined ? {} : { proxyUrl: httpProxy };
    const client = createWecomClient({
      corpId,
      agentId,
      corpSecret,
      baseUrl,
      ...proxy,
      redis,
      prefix,
      logger,
    });
    clients.set(config, client);
    return client;
  };
}

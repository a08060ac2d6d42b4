import type { AppConfig } from "@gateway/service-kit";
import { createWecomClient, WecomError } from "@gateway/wecom-client";
import type { Redis } from "ioredis";
import type { Finding } from "./finding.ts";

/**
 * One call per app that needs its secret, its id and a trusted address (agent/get, WeCom doc 90227). The token is the
 * one that the workers share, so that looking often costs nothing and no secret is tried in a loop.
 */
export async function checkCredentials(app: AppConfig, redis: Redis, prefix: string): Promise<Finding> {
  const { name, corpId, agentId, corpSecret, apiBaseUrl, httpProxy } = app;
  const way = { baseUrl: apiBaseUrl, ...(httpProxy === undefined ? {} : { proxyUrl: httpProxy }) };
  const client = createWecomClient({ corpId, agentId, corpSecret, ...way, redis, prefix });
  try {
    const { name: title, isClosed } = await client.getAgent();
    if (!isClosed)
      return { check: "credentials", app: name, status: "ok", says: `WeCom knows the app as “${title}”.` };
    return {
      ...{
        check: "credentials",
        app: name,
        status: "problem",
        says: `The app “${title}” is switched off in WeCom.`,
      },
      fix: "Switch it on (启用) on its page in the admin console.",
    };
  } catch (error) {
    if (!(error instanceof WecomError)) throw error;
    return { check: "credentials", app: name, status: "problem", says: `${error.summary}.`, fix: error.hint };
  } finally {
    await client.close();
  }
}

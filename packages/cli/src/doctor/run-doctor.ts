import { createAgentReports, createKeys } from "@gateway/conversation";
import type { AppConfig, Environment, GatewayConfig } from "@gateway/service-kit";
import { createRedis } from "@gateway/service-kit";
import type { Redis } from "ioredis";
import { checkAgents } from "./check-agents.ts";
import { checkCallback } from "./check-callback.ts";
import { checkConfig } from "./check-config.ts";
import { checkCredentials } from "./check-credentials.ts";
import { checkRedisServer } from "./check-redis.ts";
import type { Finding } from "./finding.ts";

/** Apps looked at side by side. */
const AT_ONCE = 8;

/** Looks at everything that has to be right before a message can be answered. Changes nothing. */
export async function runDoctor(
  env: Environment,
  options: { readonly callbackUrl?: string | undefined },
): Promise<Finding[]> {
  const { config, findings } = checkConfig(env);
  if (config === undefined) return [...findings];
  const callbackUrl = options.callbackUrl ?? localAddress(config);
  const [throughRedis, callbacks] = await Promise.all([
    checkThroughRedis(config),
    forEachApp(config.apps, (app) => checkCallback(app, callbackUrl)),
  ]);
  return [...findings, ...throughRedis, ...callbacks];
}

function localAddress({ http }: GatewayConfig): string {
  const host =
    http.host === undefined || http.host === "0.0.0.0" || http.host === "::" ? "127.0.0.1" : http.host;
  return `http://${host.includes(":") ? `[${host}]` : host}:${http.port}${http.path}`;
}

async function checkThroughRedis(config: GatewayConfig): Promise<Finding[]> {
  const redis = createRedis(config.redis.url, "worker");
  try {
    const server = await checkRedisServer(redis);
    if (server.some(({ status }) => status === "problem")) return [...server, ...skipped()];
    const { prefix } = config.redis;
    const credentials = await forEachApp(config.apps, (app) => checkCredentials(app, redis, prefix));
    return [...server, ...credentials, ...(await readAgents(config, redis))];
  } finally {
    redis.disconnect();
  }
}

function readAgents({ apps, redis: { prefix } }: GatewayConfig, redis: Redis): Promise<Finding[]> {
  return checkAgents(apps, createAgentReports({ redis, keys: createKeys(prefix) }));
}

function skipped(): Finding[] {
  const says = "Not checked: Redis comes first.";
  return [
    { check: "credentials", status: "skipped", says },
    { check: "agent", status: "skipped", says },
  ];
}

async function forEachApp(
  apps: readonly AppConfig[],
  check: (app: AppConfig) => Promise<Finding>,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (let at = 0; at < apps.length; at += AT_ONCE)
    findings.push(...(await Promise.all(apps.slice(at, at + AT_ONCE).map(check))));
  return findings;
}

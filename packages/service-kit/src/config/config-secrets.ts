import { redisPasswords } from "../redis/parse-redis-url.ts";
import type { McpServerConfig } from "./runners/runner-config.ts";
import type { GatewayConfig } from "./types.ts";

/** Every secret of the configuration, for the logger's second net. */
export function configSecrets(config: GatewayConfig): string[] {
  const ofApps = config.apps.flatMap((app) => [
    app.corpSecret,
    ...app.keys.flatMap((keys) => [keys.token, keys.encodingAesKey]),
    passwordOf(app.httpProxy),
    "apiKey" in app.runner ? app.runner.apiKey : undefined,
    ...("mcpServers" in app.runner ? app.runner.mcpServers.flatMap(headersOf) : []),
  ]);
  const all = [
    ...ofApps,
    ...redisPasswords(config.redis.url),
    config.console.password,
    config.console.apiToken,
    config.worker.media.voice?.apiKey,
    ...Object.values(config.tracing?.headers ?? {}),
  ];
  return [...new Set(all.filter((secret) => secret !== undefined))];
}

/** Whatever a header is called, it may be what lets us in: "Bearer abc" as a whole and the word behind. */
function headersOf(server: McpServerConfig): string[] {
  if (!("headers" in server)) return [];
  const values = Object.values(server.headers).filter((value) => value.length >= 8);
  return values.flatMap((value) => [value, value.split(" ").at(-1) ?? value]);
}

function passwordOf(url: string | undefined): string | undefined {
  const password = url === undefined ? "" : new URL(url).password;
  return password === "" ? undefined : decodeURIComponent(password);
}

import type { McpServer } from "@agentclientprotocol/sdk";
import type { Environment, McpServerConfig } from "@gateway/service-kit";
import { childEnv } from "../child-env.ts";
import type { Agent } from "./agent.ts";

/** The configured servers of tools as the agent is told of them; those elsewhere only where it can reach them. */
export function mcpServersFor(
  agent: Pick<Agent, "capabilities">,
  servers: readonly McpServerConfig[],
  env: Environment,
): McpServer[] {
  return servers.flatMap((server): McpServer[] => {
    const { name } = server;
    if ("command" in server) {
      const [command, ...args] = server.command;
      return [{ name, command, args, env: pairs(childEnv(env, server.env)) }];
    }
    if (agent.capabilities.mcpCapabilities?.http !== true) return [];
    return [{ type: "http", name, url: server.url, headers: pairs(server.headers) }];
  });
}

function pairs(values: Readonly<Record<string, string>>) {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

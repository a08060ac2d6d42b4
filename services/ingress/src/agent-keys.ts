import { parseConversationId } from "@gateway/conversation";
import type { AppConfig } from "@gateway/service-kit";

/** The keys that agents sign their callbacks with. */
export interface AgentKeys {
  /** Of the agent that answers in a conversation; undefined where it has none. */
  of(conversation: string): string | undefined;
  replace(apps: readonly AppConfig[]): void;
}

export function createAgentKeys(apps: readonly AppConfig[]): AgentKeys {
  let keys = new Map<string, string>();
  const replace = (next: readonly AppConfig[]) => {
    keys = new Map(
      next.flatMap(({ corpId, agentId, runner }) =>
        runner.kind === "http" && runner.apiKey !== undefined
          ? [[`${corpId}:${agentId}`, runner.apiKey]]
          : [],
      ),
    );
  };
  replace(apps);
  return {
    of(conversation) {
      const { corpId, agentId } = parseConversationId(conversation);
      return keys.get(`${corpId}:${agentId}`);
    },
    replace,
  };
}

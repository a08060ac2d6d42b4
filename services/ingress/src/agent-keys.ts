import { parseConversationId } from "@gateway/conversation";
import type { AppConfig } from "@gateway/service-kit";

/** An agent that may answer later. */
export interface CallingAgent {
  /** The name of its app. */
  readonly app: string;
  /** What it signs its callbacks with. */
  readonly key: string;
}

/** The keys that agents sign their callbacks with. */
export interface AgentKeys {
  /** Of the agent that answers in a conversation; undefined where it has none. */
  of(conversation: string): CallingAgent | undefined;
  /** Whether any agent has one. */
  areThere(): boolean;
  replace(apps: readonly AppConfig[]): void;
}

export function createAgentKeys(apps: readonly AppConfig[]): AgentKeys {
  let agents = new Map<string, CallingAgent>();
  const replace = (next: readonly AppConfig[]) => {
    agents = new Map(
      next.flatMap(({ name, corpId, agentId, runner }) =>
        runner.kind === "http" && runner.apiKey !== undefined
          ? [[`${corpId}:${agentId}`, { app: name, key: runner.apiKey }]]
          : [],
      ),
    );
  };
  replace(apps);
  return {
    of(conversation) {
      const { corpId, agentId } = parseConversationId(conversation);
      return agents.get(`${corpId}:${agentId}`);
    },
    areThere: () => agents.size > 0,
    replace,
  };
}

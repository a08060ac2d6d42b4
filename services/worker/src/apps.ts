import type { ConversationRef } from "@gateway/conversation";
import type { AppConfig } from "@gateway/service-kit";
import type { WecomClient } from "@gateway/wecom-client";
import type { AgentRunner } from "./runners/runner.ts";
import type { Texts } from "./texts/catalog.ts";

/** An app as the worker uses it: whom it speaks through, what answers, in which language the gateway itself speaks. */
export interface WorkerApp {
  readonly name: string;
  readonly client: Pick<WecomClient, "sendMessageBytes">;
  readonly runner: AgentRunner;
  readonly texts: Texts;
}

export interface WorkerApps {
  /** The app that a conversation belongs to: corp and agent, never a guess. */
  find(ref: Pick<ConversationRef, "corpId" | "agentId">): WorkerApp | undefined;
  readonly runners: readonly AgentRunner[];
}

export function createWorkerApps(
  configs: readonly AppConfig[],
  build: {
    client: (app: AppConfig) => WorkerApp["client"];
    runner: (app: AppConfig) => AgentRunner;
    texts: (app: AppConfig) => Texts;
  },
): WorkerApps {
  const apps = new Map<string, WorkerApp>();
  for (const config of configs) {
    apps.set(`${config.corpId}:${config.agentId}`, {
      name: config.name,
      client: build.client(config),
      runner: build.runner(config),
      texts: build.texts(config),
    });
  }
  return {
    find: ({ corpId, agentId }) => apps.get(`${corpId}:${agentId}`),
    runners: [...apps.values()].map(({ runner }) => runner),
  };
}

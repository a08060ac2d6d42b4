import type { Keys } from "@gateway/conversation";
import type { AppConfig } from "@gateway/service-kit";
import type { AccessTokenState, SendBudget } from "@gateway/wecom-client";
import {
  DAILY_MESSAGES_PER_ACCOUNT,
  readAccessTokens,
  readAppProblems,
  readSendBudgets,
} from "@gateway/wecom-client";
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { Overview } from "../overview/read-overview.ts";
import { readOverview } from "../overview/read-overview.ts";

/** What the metrics have to know of a configured app. */
export type MeteredApp = Pick<AppConfig, "name" | "corpId" | "agentId" | "corpSecret" | "replies">;

export interface AppState {
  readonly name: string;
  /** Its replies are held back: its setup is refused by WeCom. */
  readonly isBroken: boolean;
  readonly token: AccessTokenState;
  readonly budgets: readonly SendBudget[];
}

export interface GatewayState {
  readonly overview: Overview;
  readonly apps: readonly AppState[];
}

export interface StateDeps {
  readonly queues: readonly Queue[];
  readonly redis: Redis;
  readonly keys: Keys;
  readonly apps: () => readonly MeteredApp[];
}

/** What all processes share in Redis, in figures. Rejects when Redis cannot be asked. */
export async function readState(deps: StateDeps): Promise<GatewayState> {
  const { redis, keys } = deps;
  const { prefix } = keys;
  const apps = deps.apps();
  const [overview, problems, tokens, budgets] = await Promise.all([
    readOverview(deps),
    readAppProblems(redis, prefix),
    readAccessTokens(redis, prefix, apps),
    readSendBudgets(redis, prefix, apps.map(budgetOf)),
  ]);
  const broken = new Set(problems.map(({ app }) => app));
  return {
    overview,
    apps: apps.map(({ name, corpId, agentId }, index) => ({
      name,
      isBroken: broken.has(`${corpId}/${agentId}`),
      token: tokens[index] ?? { ageMs: undefined, pausedMs: 0 },
      budgets: budgets[index] ?? [],
    })),
  };
}

function budgetOf({ corpId, agentId, replies: { accounts } }: MeteredApp) {
  const appPerDay = accounts === undefined ? undefined : accounts * DAILY_MESSAGES_PER_ACCOUNT;
  return { corpId, agentId, appPerDay };
}

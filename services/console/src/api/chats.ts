import { createHash } from "node:crypto";
import type { AppConfig } from "@gateway/service-kit";
import type { WecomClient } from "@gateway/wecom-client";
import { WecomError } from "@gateway/wecom-client";
import type { z } from "zod";
import { ApiError } from "./api-error.ts";
import type { chatSchema, createChatSchema } from "./api-schemas.ts";
import { findApp } from "./find-recipient.ts";

type App = Pick<AppConfig, "name" | "corpId" | "agentId">;
type Chat = z.output<typeof chatSchema>;
export type ChatClient = Pick<WecomClient, "createAppChat" | "getAppChat">;

interface Deps {
  readonly apps: readonly App[];
  /** Undefined where the console has no secret of the app's. */
  readonly chatClient: (app: App) => ChatClient | undefined;
}

/** WeCom doc 90245. */
const CHAT_EXISTS = 86215;

/** The group's id follows from the key: asked for again, it is the same group. @throws ApiError */
export async function createChat(
  request: z.output<typeof createChatSchema>,
  key: string,
  deps: Deps,
): Promise<{ readonly id: string }> {
  const { app: wanted, name, owner, users } = request;
  const app = findApp(wanted, deps.apps);
  const id = createHash("sha256").update(`${app.corpId} ${app.agentId} ${key}`).digest("hex").slice(0, 32);
  await ask(app, deps, async (client) => {
    try {
      await client.createAppChat({ name, owner, users, chatId: id });
    } catch (error) {
      if (!(error instanceof WecomError) || error.errcode !== CHAT_EXISTS) throw error;
    }
  });
  return { id };
}

/** @throws ApiError */
export async function readChat(id: string, wanted: string | undefined, deps: Deps): Promise<Chat> {
  const chat = await ask(findApp(wanted, deps.apps), deps, (client) => client.getAppChat(id));
  return { id: chat.chatId, name: chat.name, owner: chat.owner, users: [...chat.userIds] };
}

async function ask<Value>(
  app: App,
  deps: Deps,
  call: (client: ChatClient) => Promise<Value>,
): Promise<Value> {
  const client = deps.chatClient(app);
  if (client === undefined)
    throw new ApiError(
      409,
      "app_without_secret",
      "The console needs the configuration of the worker for this.",
    );
  try {
    return await call(client);
  } catch (error) {
    if (!(error instanceof WecomError)) throw error;
    const status = error.retryable || error.kind === "unknown" ? 503 : 422;
    throw new ApiError(status, error.code, `${error.summary}. ${error.hint}`);
  }
}

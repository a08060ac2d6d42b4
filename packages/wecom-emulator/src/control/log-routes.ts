import type { Router } from "express";
import type { SentMessage } from "../state/message-log.ts";
import { chatOf } from "../view/chat.ts";
import { latestByApp } from "../view/overview.ts";
import type { World } from "../world.ts";
import { chatSchema, listSchema, overviewSchema } from "./control-schemas.ts";
import { findApp, handleQuery } from "./handle.ts";

function publicMessage(message: SentMessage) {
  const { cardByUser, ...rest } = message;
  return { ...rest, cardByUser: Object.fromEntries(cardByUser) };
}

/** What was sent, pushed and called; the newest `limit` entries, oldest first. */
export function addLogRoutes(router: Router, world: World): void {
  router.get(
    "/sent",
    handleQuery(listSchema, ({ app, user, limit }) => ({
      sent: world.messages.list({ appName: app, userId: user }).slice(-limit).map(publicMessage),
    })),
  );
  router.get(
    "/pushes",
    handleQuery(listSchema, ({ app, user, limit }) => ({
      pushes: world.pushes.list({ appName: app, userId: user }).slice(-limit),
    })),
  );
  router.get(
    "/calls",
    handleQuery(listSchema, ({ app, path, limit }) => ({
      counts: world.calls.counts(),
      calls: world.calls.list({ appName: app, path }).slice(-limit),
    })),
  );
  router.get(
    "/overview",
    handleQuery(overviewSchema, ({ user }) => ({ latest: Object.fromEntries(latestByApp(world, user)) })),
  );
  router.get(
    "/chat",
    handleQuery(chatSchema, ({ app, user, limit }) => ({
      nowMs: world.clock.nowMs(),
      items: chatOf(world, { appName: findApp(world, app).name, userId: user, limit }),
    })),
  );
}

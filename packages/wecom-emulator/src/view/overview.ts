import type { World } from "../world.ts";
import type { ChatItem } from "./chat.ts";
import { appItem, memberItem } from "./chat.ts";

/** The newest thing that one member did towards or saw of each app; apps without any are left out. */
export function latestByApp(world: World, userId: string): ReadonlyMap<string, ChatItem> {
  const latest = new Map<string, ChatItem>();
  const keep = (appName: string, item: ChatItem) => {
    if (item.seq > (latest.get(appName)?.seq ?? 0)) latest.set(appName, item);
  };
  for (const push of world.pushes.list({ userId })) keep(push.appName, memberItem(push, world));
  for (const message of world.messages.list({ userId })) {
    const item = appItem(message, userId);
    if (item.status === "delivered") keep(message.appName, item);
  }
  return latest;
}

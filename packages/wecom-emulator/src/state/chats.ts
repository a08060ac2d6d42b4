import { BoundedMap } from "./bounded-map.ts";

/** A group that an app has created. */
export interface Chat {
  readonly chatId: string;
  readonly appName: string;
  readonly name: string;
  readonly owner: string;
  readonly userIds: readonly string[];
}

export interface Chats {
  /** False when the id is taken. */
  add(chat: Chat): boolean;
  find(chatId: string): Chat | undefined;
  clear(): void;
}

export function createChats(): Chats {
  const chats = new BoundedMap<string, Chat>(10_000);
  return {
    add(chat) {
      if (chats.get(chat.chatId) !== undefined) return false;
      chats.set(chat.chatId, chat);
      return true;
    },
    find: (chatId) => chats.get(chatId),
    clear: () => chats.clear(),
  };
}

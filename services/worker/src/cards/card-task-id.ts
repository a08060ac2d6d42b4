import { createHash } from "node:crypto";

/** Unique in the app and of the characters that WeCom takes (doc 90236), for the card that a reply sends. */
export function cardTaskId(replyId: string): string {
  return `gw-${createHash("sha256").update(replyId).digest("hex").slice(0, 40)}`;
}

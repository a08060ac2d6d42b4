import { randomUUID } from "node:crypto";

/** Ids of sent messages are long opaque strings, nothing like the numbers of received ones. */
export function createMsgId(): string {
  return `${randomUUID()}${randomUUID()}`.replaceAll("-", "");
}

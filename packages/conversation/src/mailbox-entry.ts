import type { InboundMessage } from "./inbound-message.ts";
import { parseInboundMessage } from "./inbound-message.ts";

/** Before an entry of the control lane: its mailbox was full, and the person is to be told that it was not taken. */
export const REFUSED_MARK = "!";

/** A stored entry; `message` is undefined where it cannot be read (written by a newer version, or damaged). */
export interface MailboxEntry {
  readonly raw: string;
  readonly message: InboundMessage | undefined;
  readonly refused: boolean;
}

export function readEntry(raw: string): MailboxEntry {
  const refused = raw.startsWith(REFUSED_MARK);
  try {
    return { raw, message: parseInboundMessage(refused ? raw.slice(REFUSED_MARK.length) : raw), refused };
  } catch {
    return { raw, message: undefined, refused };
  }
}

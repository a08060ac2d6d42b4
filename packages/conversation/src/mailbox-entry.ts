import type { InboundMessage } from "./inbound-message.ts";
import { parseInboundMessage } from "./inbound-message.ts";

/** Before an entry of the control lane: its mailbox was full, and the person is to be told that it was not taken. */
export const REFUSED_MARK = "!";
/** Its sender may not talk to the app and is to be told so. Who wrote is kept, what they wrote is not. */
export const DENIED_MARK = "-";
/** Nothing was written: the person has been let in and is to be told so. */
export const ADMITTED_MARK = "+";

const MARKS = { [REFUSED_MARK]: "refused", [DENIED_MARK]: "denied", [ADMITTED_MARK]: "admitted" } as const;

/** A stored entry; `message` is undefined where it cannot be read (written by a newer version, or damaged). */
export interface MailboxEntry {
  readonly raw: string;
  readonly message: InboundMessage | undefined;
  /** Marked entries are words for the person; none of them ever reaches the agent. */
  readonly mark: (typeof MARKS)[keyof typeof MARKS] | undefined;
}

export function readEntry(raw: string): MailboxEntry {
  const mark = markOf(raw);
  try {
    return { raw, message: parseInboundMessage(mark === undefined ? raw : raw.slice(1)), mark };
  } catch {
    return { raw, message: undefined, mark };
  }
}

function markOf(raw: string): MailboxEntry["mark"] {
  const first = raw[0] ?? "";
  return Object.hasOwn(MARKS, first) ? MARKS[first as keyof typeof MARKS] : undefined;
}

import type { InboundMessage } from "@gateway/conversation";
import type { Texts } from "@gateway/texts";
import type { FileTrouble, Received } from "../media/in/receive-files.ts";
import type { Attachment } from "../runners/runner.ts";

/** What a message says to an agent, as text; undefined for what has to be fetched first or cannot be handed on. */
export function messageText({ message }: InboundMessage): string | undefined {
  switch (message.kind) {
    case "text":
      return message.content;
    case "location":
      return `[location] ${message.label} (${message.latitude}, ${message.longitude})`;
    case "link":
      return `[link] ${message.title}\n${message.url}`;
    case "event":
      return message.event === "click" ? message.eventKey : undefined;
    default:
      return undefined;
  }
}

export interface TurnText {
  /** Undefined when there is nothing that an agent could answer. */
  readonly text: string | undefined;
  readonly attachments: readonly Attachment[];
  /** What the person is to know of what was not understood. */
  readonly troubles: readonly string[];
}

/** Everything a turn says, as one text, with its files. */
export function composeInput(
  messages: readonly InboundMessage[],
  received: ReadonlyMap<string, Received>,
  texts: Pick<Texts, "turn" | "kind">,
): TurnText {
  let isAnswerable = false;
  const lines: string[] = [];
  const troubles: string[] = [];
  for (const message of messages) {
    const file = received.get(message.id);
    const line = file === undefined ? messageText(message) : fileText(message, file);
    if (line === undefined) continue;
    lines.push(line);
    if (file?.status === "trouble") troubles.push(troubleText(file.why, message, texts));
    else isAnswerable = true;
  }
  return {
    text: isAnswerable ? lines.join("\n") : undefined,
    attachments: [...received.values()].flatMap(({ attachment }) =>
      attachment === undefined ? [] : [attachment],
    ),
    troubles,
  };
}

function fileText({ message }: InboundMessage, file: Received): string {
  const { attachment } = file;
  const place = attachment === undefined ? "" : ` ${attachment.name} (${attachment.path})`;
  if (file.status === "trouble") return `[${message.kind}]${place} ${TROUBLES[file.why]}`;
  return file.said === undefined ? `[${message.kind}]${place}` : `[${message.kind}] ${file.said}`;
}

/** For the agent, in its own language as well as in any. */
const TROUBLES: Readonly<Record<FileTrouble, string>> = {
  expired: "could not be downloaded: expired",
  too_large: "could not be downloaded: too large",
  unavailable: "could not be downloaded",
  voice_unsupported: "was not transcribed",
  voice_not_understood: "was not transcribed",
};

function troubleText(
  why: FileTrouble,
  { message }: InboundMessage,
  { turn, kind }: Pick<Texts, "turn" | "kind">,
): string {
  const what = message.kind in kind ? kind[message.kind as keyof Texts["kind"]] : kind.other;
  switch (why) {
    case "expired":
      return turn.fileExpired({ what });
    case "too_large":
      return turn.fileTooLarge({ what });
    case "unavailable":
      return turn.fileUnavailable({ what });
    case "voice_unsupported":
      return turn.voiceUnsupported;
    case "voice_not_understood":
      return turn.voiceNotUnderstood;
    default:
      return why satisfies never;
  }
}

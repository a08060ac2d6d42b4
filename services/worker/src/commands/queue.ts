import { MAILBOX_LIMIT } from "@gateway/conversation";
import { previewMessage } from "../texts/preview.ts";
import type { Command, CommandContext } from "./command.ts";
import { derivedMessage } from "./derived-message.ts";

const CLEAR = new Set(["clear", "清空", "清除"]);
const LISTED = 10;

/** Shows what waits, drops it, or adds a turn of its own behind it. */
export const queue: Command = {
  name: "queue",
  async run(context) {
    if (context.args === "") return list(context);
    if (CLEAR.has(context.args.toLowerCase())) return clear(context);
    return add(context);
  },
};

async function list({ app, conversation, deps }: CommandContext): Promise<string> {
  const waiting = await deps.turnControl.waiting(conversation);
  const { queue: texts } = app.texts;
  if (waiting.length === 0) return texts.empty;
  const items = waiting
    .slice(0, LISTED)
    .map(({ message }, index) =>
      texts.item({ position: index + 1, preview: previewMessage(message, app.texts) }),
    );
  const more = waiting.length - items.length;
  return [
    texts.heading({ waiting: waiting.length }),
    ...items,
    ...(more > 0 ? [texts.more({ count: more })] : []),
    texts.hint,
  ].join("\n");
}

async function clear({ app, conversation, message, deps }: CommandContext): Promise<string> {
  const { length: dropped } = await deps.turnControl.clear(conversation, message);
  return dropped > 0 ? app.texts.command.dropped({ dropped }) : app.texts.queue.empty;
}

async function add({ app, conversation, message, args, deps }: CommandContext): Promise<string> {
  const task = derivedMessage(message, { name: "queue", text: args, ownTurn: message.id });
  const before = await deps.turnControl.read(conversation);
  const added = await deps.turnControl.enqueue(conversation, task, "tail");
  if (added === "full") return app.texts.turn.mailboxFull({ limit: MAILBOX_LIMIT });
  await deps.wakeTurns(conversation);
  const isNext = !before.running && before.waiting === 0;
  if (isNext || added === "repeated") return app.texts.queue.starting;
  return app.texts.queue.added({ position: before.waiting + 1 });
}

import { backgroundTaskName, conversationId } from "@gateway/conversation";
import { backgroundOf } from "../conversations.ts";
import { previewOf } from "../texts/preview.ts";
import type { Command } from "./command.ts";
import { derivedMessage } from "./derived-message.ts";

/** Each is a run of the agent; one person is not to take a worker's whole capacity. */
const TASKS_LIMIT = 3;

/** A task in a conversation of its own beside this one; its answer comes here. */
export const bg: Command = {
  name: "bg",
  async run({ app, conversation, ref, message, args, deps }) {
    const { background } = app.texts;
    if (args === "") return background.usage;
    const name = backgroundTaskName(message.id);
    const running = await deps.backgroundTasks.running(conversation);
    const others = running.filter((task) => task.name !== name).map((task) => task.name);
    if (others.length >= TASKS_LIMIT)
      return background.tooMany({ limit: TASKS_LIMIT, tasks: others.join(" ") });
    const preview = previewOf(args);
    const beside = conversationId(backgroundOf(ref, name));
    const task = derivedMessage(message, { name: "bg", text: args, ownTurn: message.id });
    await deps.backgroundTasks.add(conversation, {
      name,
      conversation: beside,
      preview,
      startedAtMs: message.receivedAtMs,
    });
    await deps.turnControl.enqueue(beside, task, "tail");
    await deps.wakeTurns(beside);
    return background.started({ task: name, preview });
  },
};

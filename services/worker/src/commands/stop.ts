import type { BackgroundTask } from "@gateway/conversation";
import type { Command, CommandContext } from "./command.ts";
import { backgroundLines } from "./status.ts";

const ALL = new Set(["all", "全部", "所有"]);

/** Ends the running turn; what waits is next. "all" drops that too and ends the background tasks. */
export const stop: Command = {
  name: "stop",
  async run(context) {
    const wish = context.args.toLowerCase().replace(/^#/u, "");
    const tasks = await context.deps.backgroundTasks.running(context.conversation);
    if (ALL.has(wish)) return stopAll(context, tasks);
    const task = tasks.find(({ name }) => name.toLowerCase() === wish);
    return task === undefined ? stopTurn(context, tasks) : stopTask(context, task);
  },
};

async function stopTurn(context: CommandContext, tasks: readonly BackgroundTask[]): Promise<string> {
  const { app, conversation, message, deps } = context;
  const { command } = app.texts;
  const stopped = await deps.turnControl.stop(conversation, "user", message);
  const { waiting } = await deps.turnControl.read(conversation);
  if (stopped) return waiting > 0 ? command.stoppedNext({ waiting }) : command.stopped;
  const nothing = waiting > 0 ? command.nothingToStopButWaiting({ waiting }) : command.nothingToStop;
  return [nothing, ...backgroundLines(context, tasks)].join("\n");
}

async function stopAll(context: CommandContext, tasks: readonly BackgroundTask[]): Promise<string> {
  const { app, conversation, message, deps } = context;
  const { command } = app.texts;
  const { length: dropped } = await deps.turnControl.clear(conversation, message);
  const stopped = await deps.turnControl.stop(conversation, "user", message);
  const lines = [
    ...(stopped ? [command.stopped] : []),
    ...(dropped > 0 ? [command.dropped({ dropped })] : []),
  ];
  for (const task of tasks) lines.push(await stopTask(context, task));
  return lines.length === 0 ? command.nothingToStop : lines.join("\n");
}

async function stopTask({ app, message, deps }: CommandContext, task: BackgroundTask): Promise<string> {
  await deps.turnControl.clear(task.conversation, message);
  await deps.turnControl.stop(task.conversation, "user", message);
  return app.texts.command.stoppedTask({ task: task.name });
}

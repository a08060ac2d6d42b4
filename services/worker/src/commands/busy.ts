import type { BusyMode } from "@gateway/conversation";
import { BUSY_MODES } from "@gateway/conversation";
import type { Command } from "./command.ts";

const MODES: ReadonlyMap<string, BusyMode> = new Map([
  ...BUSY_MODES.map((mode) => [mode, mode] as const),
  ["排队", "queue"],
  ["补充", "steer"],
  ["打断", "interrupt"],
]);

/** Shows or sets what becomes of messages that arrive while the agent runs. */
export const busy: Command = {
  name: "busy",
  async run({ app, conversation, args, deps }) {
    const { busyMode, queue } = app.texts;
    const mode = MODES.get(args.normalize("NFKC").toLowerCase());
    if (mode !== undefined) {
      await deps.sessions.setBusyMode(conversation, mode);
      return queue.busySet({ mode: busyMode[mode] });
    }
    const session = await deps.sessions.read(conversation);
    const current = queue.busyNow({ mode: busyMode[session.busyMode ?? app.busyMode] });
    const modes = BUSY_MODES.map((each) => `• ${busyMode[each]}`).join("\n");
    const intro = args === "" ? current : `${queue.busyUnknown}${current}`;
    return `${intro}\n\n${queue.busyHint({ modes })}`;
  },
};

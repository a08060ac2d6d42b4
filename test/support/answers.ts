import type { Emulator } from "@gateway/wecom-emulator";

/** What the demo agent has answered to a text, which it repeats. Notices, as of a run that goes on, are no answers. */
export const answersTo = (emulator: Emulator, user: string, text: string, app = "main") =>
  emulator
    .seen({ app, user })
    .filter(({ content }) => content.kind === "text" && content.text.includes(`You said：${text}`));

import type { Command } from "./command.ts";

/** Who the person is to the gateway: what an administrator asks for. */
export const whoami: Command = {
  name: "whoami",
  async run({ app, ref, isAdmin }) {
    const { whoami: texts } = app.texts;
    return [
      texts.user({ user: ref.userId }),
      texts.corp({ corp: ref.corpId }),
      texts.app({ app: app.name, agent: ref.agentId }),
      isAdmin ? texts.admin : texts.member,
    ].join("\n");
  },
};

import type { Command } from "./command.ts";
import { typedWord } from "./typed-word.ts";

/** Lets in the person who was given the pairing code. */
export const approveUser: Command = {
  name: "approve-user",
  async run({ app, ref, message, args, deps }) {
    const { access } = app.texts;
    if (deps.access === undefined) return access.notConfigured;
    const code = typedWord(args);
    if (code === "") return access.approveUserUsage;
    const result = await deps.access.approve(ref, code, message.userId, message.id);
    switch (result.status) {
      case "approved":
        return access.approvedUser({ user: result.user.userId });
      case "unknown":
        return access.unknownPairingCode;
      case "locked":
        return access.pairingLocked;
      case "full":
        return access.usersFull;
      default:
        return result satisfies never;
    }
  },
};

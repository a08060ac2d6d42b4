import { showPairingCode } from "@gateway/conversation/access";
import type { Command } from "./command.ts";

const LISTED = 30;

/** Who has been let in by pairing, and who waits for it. */
export const users: Command = {
  name: "users",
  async run({ app, ref, deps }) {
    const { access } = app.texts;
    if (deps.access === undefined) return access.notConfigured;
    const [allowed, waiting] = await Promise.all([deps.access.listUsers(ref), deps.access.listRequests(ref)]);
    const names = allowed.slice(-LISTED).map(({ userId }) => userId);
    const shown = [...(allowed.length > LISTED ? ["…"] : []), ...names].join(" ");
    const requests = waiting
      .slice(0, LISTED)
      .map(({ userId, code }) => access.userWaiting({ user: userId, code: showPairingCode(code) }));
    return [
      access.usersAllowed({ count: allowed.length, users: shown === "" ? "—" : shown }),
      ...(requests.length === 0
        ? [access.usersNone]
        : [access.usersWaiting({ count: waiting.length }), ...requests]),
    ].join("\n");
  },
};

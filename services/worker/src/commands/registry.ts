import type { CommandName } from "@gateway/conversation";
import { approve } from "./approve.ts";
import { approveUser } from "./approve-user.ts";
import { bg } from "./bg.ts";
import { busy } from "./busy.ts";
import type { Command } from "./command.ts";
import { deny } from "./deny.ts";
import { drain } from "./drain.ts";
import { help } from "./help.ts";
import { newSession } from "./new.ts";
import { queue } from "./queue.ts";
import { retry } from "./retry.ts";
import { start } from "./start.ts";
import { status } from "./status.ts";
import { steer } from "./steer.ts";
import { stop } from "./stop.ts";
import { undo } from "./undo.ts";
import { users } from "./users.ts";
import { whoami } from "./whoami.ts";

/** Every command, by name. The type makes a missing one an error. */
export const commands: Readonly<Record<CommandName, Command>> = {
  help,
  new: newSession,
  stop,
  status,
  queue,
  steer,
  busy,
  retry,
  undo,
  approve,
  deny,
  bg,
  whoami,
  start,
  "approve-user": approveUser,
  users,
  drain,
};

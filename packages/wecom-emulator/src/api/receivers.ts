import { ApiError } from "../api-error.ts";
import { WECOM_LIMITS } from "../limits.ts";
import type { AppState } from "../state/app-registry.ts";
import type { World } from "../world.ts";
import type { JsonObject } from "./request-fields.ts";
import { text } from "./request-fields.ts";

export interface Receivers {
  /** User ids that the message goes to, each once. */
  readonly userIds: readonly string[];
  readonly invalidUsers: readonly string[];
  readonly invalidParties: readonly string[];
  readonly invalidTags: readonly string[];
  readonly unlicensedUsers: readonly string[];
}

const split = (joined: string) => joined.split("|").filter((part) => part !== "");

interface Asked {
  readonly users: readonly string[];
  readonly parties: readonly string[];
  readonly tags: readonly string[];
}

function readAsked(request: JsonObject): Asked {
  const touser = text(request, "touser");
  if (touser === "@all") return { users: ["@all"], parties: [], tags: [] };
  const asked = {
    users: split(touser),
    parties: split(text(request, "toparty")),
    tags: split(text(request, "totag")),
  };
  if (asked.users.length + asked.parties.length + asked.tags.length === 0) throw new ApiError(82001);
  if (asked.users.length > WECOM_LIMITS.users) throw new ApiError(40032);
  if (asked.parties.length > WECOM_LIMITS.parties) throw new ApiError(82002);
  if (asked.tags.length > WECOM_LIMITS.tags) throw new ApiError(82003);
  return asked;
}

function groupMembers(kind: "party" | "tag", asked: readonly string[], corpId: string, world: World) {
  const members: string[] = [];
  const invalid: string[] = [];
  for (const id of asked) {
    const found = world.directory.group(kind, corpId, id);
    if (found === undefined) invalid.push(id);
    else members.push(...found);
  }
  return { members, invalid };
}

/**
 * Who gets the message (doc 90236). Somebody invalid among others only shows in the lists of the answer; 81013 comes
 * when nobody is left.
 */
export function resolveReceivers(request: JsonObject, app: AppState, world: World): Receivers {
  const asked = readAsked(request);
  const everyone = asked.users[0] === "@all";
  const parties = groupMembers("party", everyone ? ["1"] : asked.parties, app.corpId, world);
  const tags = groupMembers("tag", asked.tags, app.corpId, world);
  const valid = new Map<string, string>();
  const invalidUsers: string[] = [];
  const unlicensedUsers: string[] = [];
  for (const userId of everyone ? [] : asked.users) {
    const member = world.directory.find(app.corpId, userId);
    // WeCom lists ids in lower case, however they were written.
    if (member?.state === "visible") valid.set(member.userId.toLowerCase(), member.userId);
    else if (member?.state === "unlicensed") unlicensedUsers.push(userId.toLowerCase());
    else invalidUsers.push(userId.toLowerCase());
  }
  for (const userId of [...parties.members, ...tags.members]) {
    const member = world.directory.find(app.corpId, userId);
    if (member?.state === "visible") valid.set(member.userId.toLowerCase(), member.userId);
  }
  if (valid.size === 0) throw new ApiError(81013);
  return {
    userIds: [...valid.values()],
    invalidUsers,
    unlicensedUsers,
    invalidParties: parties.invalid,
    invalidTags: tags.invalid,
  };
}

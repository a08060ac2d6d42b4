import { WECOM_LIMITS } from "../limits.ts";
import type { MemberState } from "../types.ts";
import { BoundedMap } from "./bounded-map.ts";

export interface Member {
  readonly corpId: string;
  /** As the corp writes it; WeCom compares user ids without regard to case. */
  readonly userId: string;
  readonly name: string;
  readonly state: MemberState;
}

/** People of the corps. Open by default: any well-formed user id is a member that the apps can see. */
export interface Directory {
  set(member: {
    corpId: string;
    userId: string;
    name?: string | undefined;
    state?: MemberState | undefined;
  }): Member;
  /** The member, noticed if new; undefined when the id is malformed. */
  find(corpId: string, userId: string): Member | undefined;
  list(corpId?: string): readonly Member[];
  /** User ids of a department or a tag; undefined when it does not exist. Department 1 is the whole corp. */
  group(kind: "party" | "tag", corpId: string, id: string): readonly string[] | undefined;
  setGroup(kind: "party" | "tag", corpId: string, id: string, userIds: readonly string[]): void;
  clear(): void;
}

const USER_ID = /^[A-Za-z0-9][A-Za-z0-9_.@-]*$/;

function isUserId(userId: string): boolean {
  return USER_ID.test(userId) && Buffer.byteLength(userId) <= WECOM_LIMITS.userIdBytes;
}

export function createDirectory(options: { open: boolean; maxMembers: number }): Directory {
  const members = new BoundedMap<string, Member>(options.maxMembers);
  const groups = new BoundedMap<string, readonly string[]>(1000);
  const keyOf = (corpId: string, userId: string) => `${corpId}\n${userId.toLowerCase()}`;

  function set(input: Parameters<Directory["set"]>[0]): Member {
    const before = members.get(keyOf(input.corpId, input.userId));
    const member: Member = {
      corpId: input.corpId,
      userId: before?.userId ?? input.userId,
      name: input.name ?? before?.name ?? input.userId,
      state: input.state ?? before?.state ?? "visible",
    };
    members.set(keyOf(input.corpId, input.userId), member);
    return member;
  }

  function list(corpId?: string): Member[] {
    return [...members.values()].filter((member) => corpId === undefined || member.corpId === corpId);
  }

  return {
    set,
    list,
    find(corpId, userId) {
      if (!isUserId(userId)) return undefined;
      const known = members.get(keyOf(corpId, userId));
      if (known !== undefined || !options.open) return known;
      return set({ corpId, userId });
    },
    group(kind, corpId, id) {
      const named = groups.get(`${kind}\n${corpId}\n${id}`);
      if (named !== undefined) return named;
      return kind === "party" && id === "1" ? list(corpId).map((member) => member.userId) : undefined;
    },
    setGroup: (kind, corpId, id, userIds) => groups.set(`${kind}\n${corpId}\n${id}`, [...userIds]),
    clear() {
      members.clear();
      groups.clear();
    },
  };
}

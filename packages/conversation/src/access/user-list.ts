export interface UserListSettings {
  readonly corpId: string;
  /** User ids, `corp:user` for a user of one corp only, `*` for everybody, `corp:*` for everybody of a corp. */
  readonly users: readonly string[];
}

/** Says whether a user of the corp is on the list. */
export type UserList = (userId: string) => boolean;

/**
 * WeCom user ids ignore case (WeCom doc 90196), so do the entries. A user id holds neither colon nor star, so
 * `corp:user` cannot be mistaken for one, and a sender that has them is on no list.
 */
export function createUserList(settings: UserListSettings): UserList {
  const entries = new Set(settings.users.map((entry) => foldUserId(entry.trim())));
  const corp = foldUserId(settings.corpId);
  const everybody = entries.has("*") || entries.has(`${corp}:*`);
  return (userId) => {
    if (userId.trim() === "") return false;
    const user = foldUserId(userId);
    return everybody || (isUserId(user) && (entries.has(user) || entries.has(`${corp}:${user}`)));
  };
}

/** The form in which user ids are compared and kept as keys. */
export function foldUserId(userId: string): string {
  return userId.toLowerCase();
}

function isUserId(userId: string): boolean {
  return !/[:*]/.test(userId);
}

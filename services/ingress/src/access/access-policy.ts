/** Who may talk to one app. */
export interface AccessPolicy {
  isAllowed(userId: string): boolean;
}

export interface AccessSettings {
  readonly corpId: string;
  /** User ids, `corp:user` for a user of one corp only, or `*` for everybody. */
  readonly allowedUsers: readonly string[];
  readonly allowAllUsers: boolean;
}

/**
 * Closed by default: an empty list lets nobody in. WeCom user ids ignore case (WeCom doc 90196), so do the
 * entries. A user id holds no colon, so `corp:user` cannot be mistaken for one.
 */
export function createAccessPolicy(settings: AccessSettings): AccessPolicy {
  const entries = new Set(settings.allowedUsers.map(normalise));
  if (settings.allowAllUsers || entries.has("*")) return { isAllowed: (userId) => userId !== "" };
  const corp = normalise(settings.corpId);
  return {
    isAllowed(userId) {
      const user = normalise(userId);
      // An id with a colon or a star is not a user's; it must not be read as one of the special entries.
      if (user === "" || /[:*]/.test(user)) return false;
      return entries.has(user) || entries.has(`${corp}:${user}`);
    },
  };
}

function normalise(value: string): string {
  return value.trim().toLowerCase();
}

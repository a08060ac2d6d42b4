export const ACCESS_LIMITS = {
  /** How long a code is good. */
  codeMs: 3_600_000,
  /** A person without access is given a code, or told of it again, at most this often. */
  codeEveryMs: 600_000,
  /** How often at most somebody is told that they may not. */
  noticeEveryMs: 24 * 3_600_000,
  /** Open requests per app; who comes later is only denied. */
  requests: 50,
  /** Wrong codes per app within `lockoutMs` before no code is taken for as long again. */
  failures: 5,
  lockoutMs: 3_600_000,
  /** Approved people per app: more than that belong into the configuration. */
  users: 10_000,
} as const;

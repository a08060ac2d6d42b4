import { createHash, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify(
  (input: { user: string; password: string }, done: (error: Error | null, key: Buffer) => void) =>
    scrypt(
      input.password.normalize("NFC"),
      `wecom-agent-gateway/console/${input.user}`,
      32,
      { N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 },
      done,
    ),
);

const FIELD_LIMIT_CHARS = 256;

export interface Credentials {
  /** Takes the same time for a wrong user as for a wrong password. */
  match(user: string, password: string): Promise<boolean>;
  /**
   * Changes with the user or the password, so that sessions of an older password end with it. It is a digest
   * of the derived key: safe to keep in Redis.
   */
  readonly fingerprint: string;
}

/**
 * The one operator account. User and password go through scrypt together and are compared in constant time.
 * The salt is fixed by the user so that every console process with the same settings accepts the same sessions.
 */
export async function createCredentials(operator: { user: string; password: string }): Promise<Credentials> {
  const expected = await derive(operator);
  return {
    fingerprint: createHash("sha256").update(expected).digest("hex").slice(0, 32),
    async match(user, password) {
      if (user.length > FIELD_LIMIT_CHARS || password.length > FIELD_LIMIT_CHARS) return false;
      return timingSafeEqual(await derive({ user, password }), expected);
    },
  };
}

import { randomBytes } from "node:crypto";
import { ConfigError } from "@gateway/service-kit";

export interface Operator {
  readonly user: string;
  readonly password: string;
  /** True when no password was configured and this one was made up for this run. */
  readonly isGenerated: boolean;
}

/**
 * Who may sign in. Without a configured password one is made up for this run, on a loopback address only:
 * anywhere else the console does not start, because a password nobody chose must not guard a reachable port.
 * @throws ConfigError that says what to set.
 */
export function resolveOperator(config: {
  host: string;
  user: string;
  password?: string | undefined;
}): Operator {
  if (config.password !== undefined && config.password !== "") {
    return { user: config.user, password: config.password, isGenerated: false };
  }
  if (!isLoopback(config.host)) {
    throw new ConfigError([
      {
        where: "CONSOLE_PASSWORD",
        found: `not set, while CONSOLE_HOST is ${config.host}, which other machines can reach`,
        mend: "Set CONSOLE_PASSWORD (or CONSOLE_PASSWORD_FILE), or leave CONSOLE_HOST at 127.0.0.1.",
      },
    ]);
  }
  return { user: config.user, password: randomBytes(18).toString("base64url"), isGenerated: true };
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

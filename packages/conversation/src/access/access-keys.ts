import type { Keys } from "../keys.ts";

/** An app is known by corp and agent: equal user ids in two corps are two people. */
export interface AppRef {
  readonly corpId: string;
  readonly agentId: string;
}

export interface AccessKeys {
  /** Hash user → who approved them and when. No expiry: approved people stay until they are revoked. */
  readonly users: string;
  /** Hash code → who asked to be let in and until when the code is good. */
  readonly requests: string;
  /** Wrong codes since the first of them; at the limit no code is taken until it expires. */
  readonly failures: string;
}

export function accessKeys(keys: Pick<Keys, "prefix">, app: AppRef): AccessKeys {
  const scope = [app.corpId, app.agentId].map(encodeURIComponent).join(":");
  const key = (what: string) => `${keys.prefix}:access-${what}:${scope}`;
  return { users: key("users"), requests: key("requests"), failures: key("failures") };
}

/*
 * The keys of the buttons on the gateway's own cards. Each names what it is about: an old card may be pressed while
 * another task runs.
 */

const DECISION = /^(approve|deny):([0-9A-Za-z]{1,16})$/u;
/** WeCom takes keys of 1024 bytes. */
const STOP = /^stop:(.{1,1019})$/su;

export function decisionKey(name: "approve" | "deny", code: string): string {
  return `${name}:${code}`;
}

export function stopKey(turnId: string): string {
  return `stop:${turnId}`;
}

/** The command that a button for a decision stands for. */
export function decisionOf(
  key: string,
): { readonly name: "approve" | "deny"; readonly args: string } | undefined {
  const [, name, args = ""] = DECISION.exec(key) ?? [];
  return name === "approve" || name === "deny" ? { name, args } : undefined;
}

/** The turn that a button is to stop. */
export function turnToStop(key: string): string | undefined {
  return STOP.exec(key)?.[1];
}

export function isOwnButton(key: string): boolean {
  return decisionOf(key) !== undefined || turnToStop(key) !== undefined;
}

import type { FaultStack } from "./fault-stack.ts";

/** How often WeCom was asked for an access token. Somebody has been answered by then: a count of none would count nothing. */
export function tokensFetched({ stack }: Pick<FaultStack, "stack">): number {
  const { gettoken = 0 } = stack.emulator.callCounts();
  if (gettoken === 0) throw new Error("no gettoken was counted, and yet messages were sent");
  return gettoken;
}

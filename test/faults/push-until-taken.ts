import { setTimeout as sleep } from "node:timers/promises";
import { waitUntil } from "../support/wait-until.ts";
import type { FaultStack } from "./fault-stack.ts";

const PUSH_AGAIN_AFTER_MS = 300;

/** Like WeCom, only more patient: a message is pushed until it is acknowledged. */
export async function pushUntilTaken(
  gateway: FaultStack,
  message: Parameters<FaultStack["push"]>[0],
  { timeoutMs, replica = () => 0 }: { timeoutMs: number; replica?: () => number },
): Promise<void> {
  const again = async () =>
    (await gateway.push(message, replica())) || (await sleep(PUSH_AGAIN_AFTER_MS, false));
  await waitUntil(`${message.id} of ${message.conversation} is acknowledged`, again, { timeoutMs });
}

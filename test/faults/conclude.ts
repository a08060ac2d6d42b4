import { readSetAside } from "./check-set-aside.ts";
import type { FaultStack } from "./fault-stack.ts";
import type { HistoryEvent } from "./history.ts";
import type { ScenarioOptions, ScenarioViolation } from "./scenario.ts";
import { writeHistory } from "./write-history.ts";

/** The end of a scenario: says how much was set aside, and leaves the history of what broke something. */
export function conclude(
  { stack }: FaultStack,
  events: readonly HistoryEvent[],
  { log, tell }: Pick<ScenarioOptions, "log" | "tell">,
  violations: readonly ScenarioViolation[],
): readonly ScenarioViolation[] {
  tell(`${readSetAside(events).length} set aside`);
  if (violations.length > 0) log(`the whole history: ${writeHistory(events, stack.logs())}`);
  return violations;
}

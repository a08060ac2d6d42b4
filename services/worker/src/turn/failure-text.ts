import type { Texts } from "@gateway/texts";
import type { RunFailureCode } from "../runners/runner.ts";

/** What a person is told of a run that failed: what to do, not what broke. */
const TEXT_OF: Partial<Record<RunFailureCode, "idle" | "notSetUp" | "unavailable" | "refused" | "cutOff">> = {
  auth: "notSetUp",
  config: "notSetUp",
  idle: "idle",
  interrupted: "cutOff",
  provider: "unavailable",
  rate_limit: "unavailable",
  refusal: "refused",
};

export function failureText(code: RunFailureCode, reference: string, { turn }: Pick<Texts, "turn">): string {
  return turn[TEXT_OF[code] ?? "failed"]({ reference });
}

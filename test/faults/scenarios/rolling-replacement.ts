import { runRollingReplacement } from "../rolling-replacement.ts";
import type { Scenario } from "../scenario.ts";

export const scenario: Scenario = {
  what: "two ingresses, two workers and the console are replaced one by one under 50 callbacks a second",
  run: (options) => runRollingReplacement(options, options.size === "small" ? 1 : 5),
};

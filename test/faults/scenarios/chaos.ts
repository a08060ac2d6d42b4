import { runChaos } from "../chaos.ts";
import type { Scenario } from "../scenario.ts";

export const scenario: Scenario = {
  what: "200 people write 50 messages each while ingress, workers and Redis are killed, stopped and started again",
  run: ({ size, ...options }) =>
    runChaos({
      ...options,
      ...(size === "small"
        ? { conversations: 60, messagesEach: 25, rounds: 3 }
        : { conversations: 200, messagesEach: 50, rounds: 6 }),
      quietTimeoutMs: 600_000,
    }),
};

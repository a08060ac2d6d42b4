import { runChaos } from "../chaos.ts";
import type { Scenario } from "../scenario.ts";

export const scenario: Scenario = {
  what: "200 people write 50 messages each while ingress, workers and Redis are killed, stopped and started again",
  run: ({ seed, size, log }) =>
    runChaos({
      ...{ seed, log },
      conversations: 200,
      messagesEach: 50,
      rounds: size === "small" ? 3 : 6,
      quietTimeoutMs: 600_000,
    }),
};

import { describe, it } from "@jest/globals";
import { expectNoRunAgain, OUTAGE_LIMIT_MS } from "./redis-outage.ts";

// A file of its own, so that the minutes of the outages pass side by side.
describe("Redis gone for 60 s", () => {
  it(
    "runs no healthy turn again",
    () => expectNoRunAgain({ begin: (redis) => redis.kill("SIGKILL"), end: (redis) => redis.restart() }),
    OUTAGE_LIMIT_MS,
  );
});

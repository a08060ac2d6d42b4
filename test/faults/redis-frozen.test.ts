import { describe, it } from "@jest/globals";
import { expectNoRunAgain, OUTAGE_LIMIT_MS } from "./redis-outage.ts";

// A file of its own, so that the minutes of the outages pass side by side.
describe("Redis frozen for 60 s", () => {
  it(
    "runs no healthy turn again",
    () => expectNoRunAgain({ begin: (redis) => redis.pause(), end: (redis) => redis.resume() }),
    OUTAGE_LIMIT_MS,
  );
});

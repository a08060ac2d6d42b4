import type { Act } from "./contract/subject.ts";
import { describeRunnerContract } from "./contract.ts";
import { startHttp } from "./http-subject.ts";

/** Whoever answers later cannot answer half, and too much is refused when it calls back. */
const CANNOT: readonly Act["do"][] = ["stubborn", "ask", "remember", "die", "flood"];

// An agent that answers 202 and calls back.
describeRunnerContract(
  "http",
  {
    approvals: "none",
    progress: true,
    steer: false,
    memory: "history",
    afterCrash: "reattaches",
    timeLimit: true,
    cannot: CANNOT,
  },
  () => startHttp({ later: true, cannot: CANNOT }),
);

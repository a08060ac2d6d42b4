import type { Act } from "./contract/subject.ts";
import { describeRunnerContract } from "./contract.ts";
import { startHttp } from "./http-subject.ts";

const CANNOT: readonly Act["do"][] = ["stubborn", "ask", "remember"];

// An agent that answers in the response.
describeRunnerContract(
  "http",
  {
    approvals: "none",
    progress: true,
    steer: false,
    memory: "history",
    afterCrash: "again",
    timeLimit: true,
    cannot: CANNOT,
  },
  () => startHttp({ later: false, cannot: CANNOT }),
);

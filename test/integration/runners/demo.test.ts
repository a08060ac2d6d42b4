import { createDemoRunner } from "../../../services/worker/src/runners/demo.ts";
import type { AgentRunner } from "../../../services/worker/src/runners/runner.ts";
import type { Act, Subject } from "./contract/subject.ts";
import { describeRunnerContract } from "./contract.ts";

describeRunnerContract(
  "demo",
  {
    approvals: "live",
    progress: true,
    steer: true,
    memory: "none",
    afterCrash: "again",
    timeLimit: false,
    cannot: ["empty", "die", "flood", "garbage", "stubborn", "remember", "recall"],
  },
  async () => startDemo(),
);

/** The demo agent lives in its runner: what it is given is what the runner is given. */
function startDemo(): Subject {
  const given: string[] = [];
  let running = 0;
  return {
    runner() {
      const runner = createDemoRunner();
      const run: AgentRunner["run"] = async (turn, io) => {
        given.push(turn.text);
        running += 1;
        return runner.run(turn, io).finally(() => {
          running -= 1;
        });
      };
      return { ...runner, run };
    },
    broken: () => undefined,
    say,
    given: async (id) => given.filter((text) => text.includes(id)),
    release: async () => undefined,
    left: async () => running,
    secrets: [],
    logs: () => "",
    stop: async () => undefined,
  };
}

function say(act: Act, id: string): string | undefined {
  switch (act.do) {
    case "answer":
      return `${id} ${act.text}`;
    case "progress":
    case "wait":
      return `long 1 ${id}`;
    case "hang":
      return `long 1800 ${id}`;
    case "ask":
      return `approval ${id}`;
    case "fail":
      return `fail ${id} ${act.why}`;
    default:
      return undefined;
  }
}

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AgentRunner } from "../../../services/worker/src/runners/runner.ts";
import { isAlive } from "../../support/is-alive.ts";
import type { HarnessOptions } from "./acp/harness.ts";
import { startAcp } from "./acp/harness.ts";
import type { Subject } from "./contract/subject.ts";
import { describeRunnerContract } from "./contract.ts";

const SECRET = "canary-of-the-operator";

describeRunnerContract(
  "acp",
  {
    approvals: "live",
    progress: true,
    steer: false,
    memory: "own",
    afterCrash: "continues",
    timeLimit: true,
    cannot: [],
  },
  startAgents,
);

/** Real processes, which note what they were given and what they have ended. */
async function startAgents(): Promise<Subject> {
  const place = await startAcp();
  const free = join(place.dir, "free");
  await mkdir(free);
  const runners: AgentRunner[] = [];
  const create = (config: NonNullable<HarnessOptions["config"]> = {}) => {
    const runner = place.create({
      config: { env: ["AGENT_KEY"], ...config },
      env: { AGENT_KEY: SECRET },
      flags: [`--free=${free}`],
    });
    runners.push(runner);
    return runner;
  };
  const given = async () =>
    (await place.journal()).flatMap(({ pid, prompt }) =>
      prompt === undefined ? [] : [{ pid: Number(pid), text: (prompt as string[]).at(-1) ?? "" }],
    );
  return {
    runner: ({ timeoutMs } = {}) => create(timeoutMs === undefined ? {} : { timeoutMs }),
    broken: () => create({ command: ["/no/such/agent"] }),
    say: (act, id) => `${JSON.stringify({ ...act, id })}\n`,
    given: async (id) => (await given()).flatMap(({ text }) => (text.includes(id) ? [text] : [])),
    release: (id) => writeFile(join(free, `free-${id}`), ""),
    async left() {
      const ended = new Set((await place.journal()).map((entry) => entry.ended));
      return (await given()).filter(({ pid, text }) => !ended.has(text) && isAlive(pid)).length;
    },
    secrets: [SECRET],
    logs: () => place.lines.join(""),
    async stop() {
      await Promise.all(runners.map((runner) => runner.shutdown()));
      await place.stop();
    },
  };
}

import { EventEmitter, once } from "node:events";
import { pino } from "pino";
import { freePort } from "../../../scripts/lib/ports.mjs";
import { createHermesRunner } from "../../../services/worker/src/runners/hermes/hermes-runner.ts";
import type { AgentView } from "../../support/hermes/runs.ts";
import { RunFailed } from "../../support/hermes/runs.ts";
import { startHermes } from "../../support/hermes/server.ts";
import type { Act, Subject } from "./contract/subject.ts";
import { describeRunnerContract } from "./contract.ts";

describeRunnerContract(
  "hermes",
  {
    approvals: "live",
    progress: true,
    steer: true,
    memory: "own",
    afterCrash: "reattaches",
    timeLimit: true,
    // A run says how it ended, and says it in JSON.
    cannot: ["die", "garbage"],
  },
  startServer,
);

/** The server's agent does what its messages say. */
async function startServer(): Promise<Subject> {
  const free = new Set<string>();
  const freed = new EventEmitter().setMaxListeners(0);
  const hermes = await startHermes({
    maxRuns: 1000,
    agent: (run) =>
      play(run, async (id) => {
        while (!free.has(id)) await once(freed, "free", { signal: run.signal });
      }),
  });
  const unused = `http://127.0.0.1:${await freePort()}`;
  const lines: string[] = [];
  const logger = pino({ level: "debug" }, { write: (line) => void lines.push(line) });
  const create = (url: string, timeoutMs = 120_000) =>
    createHermesRunner(
      { kind: "hermes", url, apiKey: hermes.apiKey, timeoutMs },
      { logger, mediaDirs: [], timing: { unreachableMs: 500, pollMs: 200, pollWithEventsMs: 1000 } },
    );
  return {
    runner: ({ timeoutMs } = {}) => create(hermes.url, timeoutMs),
    broken: () => create(unused),
    say(act, id) {
      return act.do === "die" || act.do === "garbage" ? undefined : JSON.stringify({ ...act, id });
    },
    given: async (id) => hermes.runs.map(({ text }) => text).filter((text) => text.includes(id)),
    async release(id) {
      free.add(id);
      freed.emit("free");
    },
    left: async () => hermes.active.length,
    secrets: [hermes.apiKey],
    logs: () => lines.join(""),
    stop: () => hermes.stop(),
  };
}

async function play(run: AgentView, untilFree: (id: string) => Promise<void>): Promise<string> {
  const [, line = ""] = /^(\{.*?\})/s.exec(run.text) ?? [];
  const act = JSON.parse(line) as Act & { readonly id: string };
  switch (act.do) {
    case "answer":
      return act.text;
    case "progress":
      for (const title of act.titles) run.tool("terminal", title);
      return act.text;
    case "wait":
      await untilFree(act.id);
      return act.text;
    case "hang":
    case "stubborn":
      await untilFree("never");
      return "";
    case "ask":
      return (await run.ask(act.title)) === "once" ? "approved" : "denied";
    case "fail":
      throw new RunFailed(act.why);
    case "empty":
      return " \n";
    case "flood":
      return "x".repeat(10 * 1024 * 1024);
    case "remember":
      return "I do";
    case "recall":
      return /"word":"(\w+)"/.exec(JSON.stringify(run.history).replaceAll("\\", ""))?.[1] ?? "none";
    default:
      throw new RunFailed(act.do);
  }
}

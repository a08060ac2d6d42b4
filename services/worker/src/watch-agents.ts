import type { AgentReport, AgentReports } from "@gateway/conversation";
import type { Logger } from "pino";
import type { WorkerApp, WorkerApps } from "./apps.ts";

/** An agent that cannot be reached is asked again this often; the others keep what they said. */
const AGAIN_EVERY_MS = 60_000;
/** Agents asked at the same time: a probe may start a process. */
const AT_ONCE = 4;

export interface AgentWatch {
  /** Asks the agents of these apps now, the others when their turn comes. */
  look(apps: readonly WorkerApp[]): Promise<void>;
  stop(): Promise<void>;
}

interface Deps {
  readonly workerId: string;
  readonly apps: Pick<WorkerApps, "all">;
  readonly reports: AgentReports;
  readonly logger: Pick<Logger, "info" | "warn" | "error">;
  readonly now: () => number;
  readonly everyMs?: number;
}

/**
 * Says of each agent that cannot work why, and what to do: in the log, once, and in Redis for the console and the
 * doctor. Never rejects: its app waits, the others go on.
 */
export function watchAgents(deps: Deps): AgentWatch {
  const { workerId, reports, logger } = deps;
  const known = new Map<WorkerApp["runner"], AgentReport>();
  let looking: Promise<void> = Promise.resolve();

  const ask = async (app: WorkerApp) => {
    const report = await probe(app, deps);
    tellChange(app, known.get(app.runner), report, logger);
    known.set(app.runner, report);
  };
  const publish = async () => {
    const current = new Set(deps.apps.all.map(({ runner }) => runner));
    for (const runner of known.keys()) if (!current.has(runner)) known.delete(runner);
    await reports.write(workerId, [...known.values()]);
  };
  const lookAt = async (apps: readonly WorkerApp[]) => {
    for (let at = 0; at < apps.length; at += AT_ONCE)
      await Promise.all(apps.slice(at, at + AT_ONCE).map(ask));
    await publish().catch((error: unknown) =>
      logger.warn({ err: error }, "agents' state was not written down"),
    );
  };
  const look = (apps: readonly WorkerApp[]) => {
    looking = looking.then(() => lookAt(apps));
    return looking;
  };
  const timer = setInterval(() => {
    void look(deps.apps.all.filter(({ runner }) => known.get(runner)?.ok !== true));
  }, deps.everyMs ?? AGAIN_EVERY_MS);
  return {
    look,
    async stop() {
      clearInterval(timer);
      await looking;
      await reports.withdraw(workerId).catch(() => undefined);
    },
  };
}

async function probe({ name, runner }: WorkerApp, { logger, now }: Deps): Promise<AgentReport> {
  const found = await runner.probe().catch((error: unknown) => {
    logger.error({ app: name, runner: runner.kind, err: error }, "agent runner");
    return { ok: false as const, problem: "The probe itself failed; see the worker's log." };
  });
  return { app: name, runner: runner.kind, ...found, atMs: now() };
}

function tellChange(
  { name, runner }: WorkerApp,
  before: AgentReport | undefined,
  { ok, problem }: AgentReport,
  logger: Deps["logger"],
): void {
  const line = { app: name, runner: runner.kind };
  if (!ok && before?.problem !== problem) logger.error({ ...line, problem }, "agent runner");
  if (ok && before?.ok === false) logger.info(line, "agent runner works again");
}

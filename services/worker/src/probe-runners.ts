import type { Logger } from "pino";
import type { WorkerApp } from "./apps.ts";

/** Says of each runner that cannot work why, and what to do. Never rejects: its app waits, the others go on. */
export async function probeRunners(apps: readonly WorkerApp[], logger: Pick<Logger, "error">): Promise<void> {
  for (const { name, runner } of apps) {
    try {
      const probe = await runner.probe();
      if (!probe.ok) logger.error({ app: name, runner: runner.kind, problem: probe.problem }, "agent runner");
    } catch (error) {
      logger.error({ app: name, runner: runner.kind, err: error }, "agent runner");
    }
  }
}

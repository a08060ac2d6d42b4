import type { AgentReports } from "@gateway/conversation";
import type { AppConfig } from "@gateway/service-kit";
import type { Finding } from "./finding.ts";

/** A worker gives a sign of life every few seconds. */
const SILENCE_MS = 30_000;

/** What the running workers say of the agents: only they have their programs, networks and keys. */
export async function checkAgents(apps: readonly AppConfig[], agents: AgentReports): Promise<Finding[]> {
  const { workers, reports } = await agents.read(SILENCE_MS);
  if (workers.length === 0) {
    const says = "No worker is running: messages are taken and wait.";
    return [
      { check: "agent", status: "problem", says, fix: "Start a worker; it says which agents it can reach." },
    ];
  }
  return apps.flatMap(({ name }): Finding[] => {
    const about = reports.filter(({ app }) => app === name);
    const failing = about.filter(({ ok }) => !ok);
    if (about.length === 0) {
      const says = "No worker has tried this app's agent yet.";
      const fix = "Try again in a minute; if it stays so, the workers run with another configuration.";
      return [{ check: "agent", app: name, status: "warning", says, fix }];
    }
    if (failing.length === 0) {
      const [first] = about;
      const says = `The agent answers (${[first?.runner, first?.version].filter(Boolean).join(" ")}).`;
      return [{ check: "agent", app: name, status: "ok", says }];
    }
    const problems = new Set(failing.map(({ problem }) => problem ?? "It cannot be used."));
    const share = about.length === 1 ? "" : `${failing.length} of ${about.length} workers: `;
    return [...problems].map((problem) => ({
      ...{ check: "agent", app: name, status: "problem", says: `${share}${problem}` },
    }));
  });
}

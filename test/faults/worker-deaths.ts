import type { ServiceHandle } from "../support/service.ts";
import type { History } from "./history.ts";

/** How often the logs are read; the part that is kept is far longer than what is written in between. */
const LOOK_EVERY_MS = 200;
const DIED = "a worker died; its work";

export interface WorkerDeaths {
  look(): void;
  stop(): void;
}

/** Notes when one worker declares another dead, rightly or, on a machine that is too busy, wrongly. */
export function watchWorkerDeaths(workers: readonly ServiceHandle[], history: History): WorkerDeaths {
  const pids = new Map<string, number>();
  const known = new Set<string>();
  const look = () => {
    const logs = workers.map(({ process }) => ({ pid: process.pid, text: process.logs() }));
    for (const { pid, text } of logs) {
      if ([...pids.values()].includes(pid)) continue;
      const id = /"workerId":"([^"]+)"[^\n]*"msg":"working"/.exec(text)?.[1];
      if (id !== undefined) pids.set(id, pid);
    }
    // Most of what is read has no such line, and is a megabyte: plain search first.
    const told = logs.filter(({ text }) => text.includes(DIED)).flatMap(({ text }) => text.split("\n"));
    for (const line of told) {
      // The first and the last one may be a part of a line.
      if (!/^\{.*\}$/.test(line) || !line.includes(DIED) || known.has(line)) continue;
      known.add(line);
      const { time, workerId } = JSON.parse(line) as { time: number | string; workerId: string };
      const worker = pids.get(workerId);
      if (worker === undefined) continue;
      history.record({ type: "worker", worker, what: "declared-dead", atMs: new Date(time).getTime() });
    }
  };
  look();
  const timer = setInterval(look, LOOK_EVERY_MS);
  return { look, stop: () => clearInterval(timer) };
}

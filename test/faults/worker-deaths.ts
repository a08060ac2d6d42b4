import type { ServiceHandle } from "../support/service.ts";
import type { History } from "./history.ts";

/** How often the logs are read; the part that is kept is far longer than what is written in between. */
const LOOK_EVERY_MS = 200;

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
      const id = /"workerId":"([^"]+)"[^\n]*"msg":"working"/.exec(text)?.[1];
      if (id !== undefined) pids.set(id, pid);
    }
    for (const [line] of logs.flatMap(({ text }) => [...text.matchAll(/^.*a worker died; its work.*$/gm)])) {
      if (known.has(line)) continue;
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

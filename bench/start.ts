/** How long each service takes from the start of its process until it is ready. */
import { createService } from "../test/support/service.ts";
import { startStack } from "../test/support/stack.ts";
import { printHead, printTable } from "./support/print.ts";
import { sized } from "./support/scale.ts";
import { median } from "./support/statistics.ts";

const ROUNDS = sized(5, 3, 1);
const SERVICES = {
  ingress: "WECOM_CALLBACK_PORT",
  worker: "WORKER_HEALTH_PORT",
  console: "CONSOLE_PORT",
} as const;

printHead(`Start: until /ready answers 200, medians of ${ROUNDS} starts`);
const stack = await startStack({ ingress: 0, workers: 0 });
try {
  const rows: string[][] = [];
  for (const name of ["ingress", "worker", "console"] as const) {
    const service = await createService({ service: name, portVariable: SERVICES[name], env: stack.env });
    const tookMs: number[] = [];
    try {
      for (let round = 0; round < ROUNDS; round += 1) {
        const startedAt = performance.now();
        await service.start();
        tookMs.push(performance.now() - startedAt);
        await service.kill();
      }
    } finally {
      await service.kill();
    }
    rows.push([name, median(tookMs).toFixed(0)]);
  }
  printTable(["service", "ms"], rows);
} finally {
  await stack.stop();
}

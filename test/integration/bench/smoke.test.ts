import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { isAlive } from "../../support/is-alive.ts";
import type { SpawnedProcess } from "../../support/process.ts";
import { REPOSITORY, spawnProcess } from "../../support/process.ts";
import { waitUntil } from "../../support/wait-until.ts";

// Retires the risk that a benchmark rots between two releases. What it measures says nothing here.

const names = readdirSync(`${REPOSITORY}bench`)
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -".ts".length));
/** A bound for the failing case: a benchmark starts several services, one after the other. */
const LIMIT_MS = 180_000;

const runs: SpawnedProcess[] = [];
afterAll(() => Promise.all(runs.map((run) => run.kill())));

// Beside each other: they mostly wait for services to start.
describe("the benchmark", () => {
  it.concurrent.each(names)(
    "%s works and prints its figures",
    async (name) => {
      const run = spawnProcess({
        name,
        command: process.execPath,
        args: ["--import", "tsx", `bench/${name}.ts`, "--smoke"],
        env: { TEST_RUN_DIR: process.env.TEST_RUN_DIR ?? "" },
      });
      runs.push(run);
      const { code } = await run.exited;
      const printed = run.logs();
      expect({ code, printed }).toEqual({ code: 0, printed: expect.stringContaining("smoke run") });
      // A row of a table: a name, then at least one figure.
      expect(printed).toMatch(/^\| \S.*? \|\s+\d/m);
      expect(printed).not.toMatch(/NaN|undefined|Warning/);
    },
    LIMIT_MS,
  );
});

describe("a benchmark that is killed", () => {
  it.each(["SIGTERM", "SIGKILL"] as const)("by %s takes its processes and files along", async (signal) => {
    const temporary = mkdtempSync(join(tmpdir(), "bench-killed-"));
    // The compiler's cache stays, for the next run.
    const folders = () => readdirSync(temporary).filter((name) => name.startsWith("gateway-bench-"));
    const groups = () =>
      readdirSync(temporary, { recursive: true, encoding: "utf8" }).flatMap((path) => {
        const id = /group-(\d+)$/.exec(path)?.[1];
        return id === undefined ? [] : [Number(id)];
      });
    const run = spawnProcess({
      name: "npm run bench",
      command: process.execPath,
      args: ["scripts/bench.mjs", "recovery", "--smoke"],
      env: { TMPDIR: temporary, HOME: process.env.HOME ?? "" },
    });
    runs.push(run);
    // Itself, Redis, and the services.
    await waitUntil("services run", () => groups().length > 2, { timeoutMs: 60_000, describe: run.logs });
    const started = groups();
    run.signal(signal);
    await run.exited;
    await waitUntil(
      "nothing is left",
      () => started.every((group) => !isAlive(group)) && folders().length === 0,
      { describe: () => `${folders()} ${started.filter(isAlive)}` },
    );
    rmSync(temporary, { recursive: true });
  });
});

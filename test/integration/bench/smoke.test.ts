import { readdirSync } from "node:fs";
import { afterEach, describe, expect, it } from "@jest/globals";
import type { SpawnedProcess } from "../../support/process.ts";
import { REPOSITORY, spawnProcess } from "../../support/process.ts";

// Retires the risk that a benchmark rots between two releases. What it measures says nothing here.

const names = readdirSync(`${REPOSITORY}bench`)
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -".ts".length));
/** A bound for the failing case: a benchmark starts several services, one after the other. */
const LIMIT_MS = 180_000;

let run: SpawnedProcess | undefined;
afterEach(() => run?.kill());

describe("the benchmark", () => {
  it.each(names)(
    "%s works and prints its figures",
    async (name) => {
      run = spawnProcess({
        name,
        command: process.execPath,
        args: ["--import", "tsx", `bench/${name}.ts`, "--smoke"],
        env: { TEST_RUN_DIR: process.env.TEST_RUN_DIR ?? "" },
      });
      const { code } = await run.exited;
      const printed = run.logs();
      expect({ code, printed }).toEqual({ code: 0, printed: expect.stringContaining("smoke run") });
      // A row of a table: a name, then at least one figure.
      expect(printed).toMatch(/^ {2}\S.*? {3}\s*\d/m);
      expect(printed).not.toMatch(/NaN|undefined/);
    },
    LIMIT_MS,
  );
});

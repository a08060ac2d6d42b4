import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { SpawnedProcess } from "../../support/process.ts";
import { REPOSITORY, spawnProcess } from "../../support/process.ts";

const RUN_COMMAND = pathToFileURL(join(REPOSITORY, "scripts/lib/run-command.mjs")).href;

describe("a command that a script runs for the person", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "run-command-"));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it("is shown to be at work, with what it said last, until it ends", async () => {
    const done = join(dir, "done");
    const process = run(
      `console.log("first");
       console.log("second");
       setInterval(() => require("node:fs").existsSync(${JSON.stringify(done)}) && process.exit(), 10);`,
      10,
    );
    await process.waitForLog(/^ {2}Working: \d+ s, second$/m);
    writeFileSync(done, "");
    expect(await process.exited).toMatchObject({ code: 0 });
    expect(process.logs()).not.toMatch(/^first/m);
  });

  it("says nothing when it is soon done, and everything when it fails", async () => {
    const quick = run(`console.log("words")`, 600_000);
    await quick.exited;
    expect(quick.logs()).toBe("");
    const failing = run(`console.log("words"); process.exit(3)`, 600_000);
    await failing.exited;
    expect(failing.logs()).toMatch(/Working failed \(exit code 3\)[\s\S]*\nwords/);
  });
});

function run(program: string, lookEveryMs: number): SpawnedProcess {
  const script = `
    const { runCommand } = await import(${JSON.stringify(RUN_COMMAND)});
    const options = { what: "Working", lookEveryMs: ${lookEveryMs} };
    await runCommand(process.execPath, ["-e", ${JSON.stringify(program)}], options);`;
  return spawnProcess({
    name: "script",
    command: process.execPath,
    args: ["--input-type=module", "-e", script],
  });
}

import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { isAlive } from "../../support/is-alive.ts";
import { REPOSITORY, spawnProcess } from "../../support/process.ts";
import { waitUntil } from "../../support/wait-until.ts";

describe("a test run that is killed", () => {
  it.each(["SIGTERM", "SIGKILL"] as const)("by %s takes its processes and files along", async (signal) => {
    const runDir = mkdtempSync(join(tmpdir(), "gateway-reaped-"));
    const script = `
      import { spawn } from "node:child_process";
      import { rememberGroup } from "./test/support/reaper.mjs";
      const [runDir] = process.argv.slice(1);
      const reaper = ["test/support/reaper-process.mjs", runDir];
      spawn(process.execPath, reaper, { detached: true, stdio: ["pipe", "ignore", "ignore"] });
      const child = spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
      rememberGroup(runDir, child.pid);
      console.log("child=" + child.pid);
      setInterval(() => {}, 1000);
    `;
    const run = spawnProcess({
      name: "run",
      command: process.execPath,
      args: ["--input-type=module", "-e", script, runDir],
      cwd: REPOSITORY,
    });
    const child = Number((await run.waitForLog(/child=(\d+)/))[1]);
    expect(isAlive(child)).toBe(true);
    run.signal(signal);
    await run.exited;
    await waitUntil("the child and the folder are gone", () => !isAlive(child) && !existsSync(runDir));
  });
});

it("a test run that waits for its reaper goes on, with nothing else to do", async () => {
  const runDir = mkdtempSync(join(tmpdir(), "gateway-reaped-"));
  const script = `
    import { startReaper } from "./test/support/reaper.mjs";
    const end = startReaper(process.argv[1]);
    await end();
    console.log("went on");
  `;
  const run = spawnProcess({
    name: "run",
    command: process.execPath,
    args: ["--input-type=module", "-e", script, runDir],
    cwd: REPOSITORY,
  });
  await run.exited;
  expect(run.logs()).toContain("went on");
  expect(existsSync(runDir)).toBe(false);
});

import { afterEach, describe, expect, it } from "@jest/globals";
import { isAlive } from "../../support/is-alive.ts";
import { watchLeaks } from "../../support/leaks.ts";
import type { SpawnedProcess } from "../../support/process.ts";
import { spawnProcess } from "../../support/process.ts";
import { waitUntil } from "../../support/wait-until.ts";

describe("spawned processes", () => {
  const spawned: SpawnedProcess[] = [];
  afterEach(async () => {
    for (const child of spawned.splice(0)) await child.kill();
  });
  const run = (script: string, env: Record<string, string> = {}) => {
    const child = spawnProcess({ name: "child", command: process.execPath, args: ["-e", script], env });
    spawned.push(child);
    return child;
  };

  it("see only the environment they are given", async () => {
    const child = run("console.log(JSON.stringify(Object.keys(process.env).sort()))", { A: "1" });
    const [keys = ""] = await child.waitForLog(/^\[.*\]$/m);
    expect(JSON.parse(keys)).toEqual(["A", "PATH"]);
    expect(await child.exited).toEqual({ code: 0, signal: null });
  });

  it("are killed together with their own children", async () => {
    const nested = 'require("child_process").spawn("sleep", ["600"], { stdio: "ignore" }).pid';
    const child = run(`console.log("nested=" + ${nested}); setInterval(() => {}, 1000)`);
    const nestedPid = Number((await child.waitForLog(/nested=(\d+)/))[1]);
    await child.kill();
    await waitUntil("the nested process is gone", () => !isAlive(nestedPid));
  });

  it("leave no handle behind", async () => {
    const leaks = await watchLeaks();
    const child = run("setInterval(() => {}, 1000)");
    await expect(leaks.settle(100)).rejects.toThrow(/still open: .*Wrap/);
    await child.kill();
    await leaks.settle();
  });

  it("that end too early are reported with what they printed", async () => {
    const child = run('console.error("no configuration"); process.exit(3)');
    await expect(child.waitForLog(/ready/)).rejects.toThrow(/ended before .*no configuration/s);
  });
});

describe("waitUntil", () => {
  it("says what it waited for, and why it was not so", async () => {
    const failing = waitUntil(
      "the moon is blue",
      () => {
        throw new Error("it is white");
      },
      { timeoutMs: 30 },
    );
    await expect(failing).rejects.toMatchObject({
      message: expect.stringContaining("waiting until the moon is blue"),
      cause: expect.objectContaining({ message: "it is white" }),
    });
  });
});

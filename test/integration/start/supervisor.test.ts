import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { freePort } from "../../../scripts/lib/ports.mjs";
import { createSupervisor } from "../../../scripts/lib/supervisor.mjs";
import { isAlive } from "../../support/is-alive.ts";
import { REPOSITORY, spawnProcess } from "../../support/process.ts";
import { rememberGroup } from "../../support/reaper.mjs";
import { waitUntil } from "../../support/wait-until.ts";

/** Serves 200, tells of SIGTERM on stdout, and then ends, or does not when it is "stubborn". */
const SERVER = `
  const [port, kind] = process.argv.slice(1);
  require("node:http").createServer((_, response) => response.end("ok")).listen(Number(port), "127.0.0.1");
  console.log("pid=" + process.pid);
  process.on("SIGTERM", () => {
    console.log("stopping " + Date.now());
    if (kind !== "stubborn") process.exit(0);
  });
`;

describe("the supervisor", () => {
  let dir = "";
  let supervisor: ReturnType<typeof createSupervisor>;
  const printed: string[] = [];
  const forget: (() => void)[] = [];
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "gateway-supervisor-"));
    printed.length = 0;
    const guardian = {
      watch: (id: number) => void forget.push(rememberGroup(process.env.TEST_RUN_DIR, id)),
      forget: () => {},
    };
    supervisor = createSupervisor({
      guardian,
      logDir: dir,
      show: (name, line) => printed.push(`${name} ${line}`),
    });
  });
  afterEach(async () => {
    supervisor.killAll();
    await supervisor.stopAll([]);
    for (const release of forget.splice(0)) release();
    rmSync(dir, { recursive: true, force: true });
  });

  const serve = async (name: string, kind = "willing", stopTimeoutMs = 10_000) => {
    const port = await freePort();
    const spec = {
      name,
      args: ["-e", SERVER, String(port), kind],
      env: { PATH: process.env.PATH ?? "" },
      readyUrl: `http://127.0.0.1:${port}/`,
      stopTimeoutMs,
    };
    supervisor.launch(spec);
    await supervisor.untilReady(spec, 20_000);
    return spec;
  };
  const pidOf = (name: string) => {
    const line = printed.find((entry) => entry.startsWith(`${name} pid=`));
    return Number(line?.split("=")[1]);
  };

  it("stops one after the other, in the given order", async () => {
    await serve("first");
    await serve("second");
    await supervisor.stopAll(["second", "first"]);
    const stopped = printed.filter((line) => line.includes("stopping"));
    expect(stopped.map((line) => line.split(" ")[0])).toEqual(["second", "first"]);
    expect([isAlive(pidOf("first")), isAlive(pidOf("second"))]).toEqual([false, false]);
  });

  it("kills what does not stop in its time", async () => {
    await serve("stubborn", "stubborn", 50);
    await supervisor.stopAll([]);
    expect(isAlive(pidOf("stubborn"))).toBe(false);
  });

  it("tells which process ended by itself, with its last lines, and keeps its log", async () => {
    const script = 'for (let n = 1; n <= 30; n += 1) console.log("line " + n); process.exit(7)';
    supervisor.launch({ name: "dying", args: ["-e", script], env: {}, readyUrl: "", stopTimeoutMs: 1 });
    const words = await supervisor.death;
    expect(words).toContain("dying ended by itself (exit code 7)");
    expect(words).toContain("line 30");
    expect(words).not.toContain("line 9\n");
    await waitUntil("the log is written", () =>
      readFileSync(join(dir, "dying.log"), "utf8").includes("line 30"),
    );
  });

  it("does not wait for a process that has ended", async () => {
    const spec = {
      name: "broken",
      args: ["-e", 'console.error("no such setting"); process.exit(1)'],
      env: {},
      readyUrl: `http://127.0.0.1:${await freePort()}/`,
      stopTimeoutMs: 1,
    };
    supervisor.launch(spec);
    await expect(supervisor.untilReady(spec, 30_000)).rejects.toThrow(
      /broken ended by itself.*no such setting/s,
    );
  });
});

describe("the guardian", () => {
  it("ends what was started when the starter is killed", async () => {
    const script = `
      import { spawn } from "node:child_process";
      import { startGuardian } from "./scripts/lib/guardian.mjs";
      const guardian = startGuardian();
      const child = spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
      guardian.watch(child.pid);
      console.log("child=" + child.pid);
      setInterval(() => {}, 1000);
    `;
    const starter = spawnProcess({
      name: "starter",
      command: process.execPath,
      args: ["--input-type=module", "-e", script],
      cwd: REPOSITORY,
    });
    const child = Number((await starter.waitForLog(/child=(\d+)/))[1]);
    const forget = rememberGroup(process.env.TEST_RUN_DIR, child);
    expect(isAlive(child)).toBe(true);
    await starter.kill("SIGKILL");
    await waitUntil("the child is gone", () => !isAlive(child));
    forget();
  });
});

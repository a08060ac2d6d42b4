import { spawn } from "node:child_process";
import { describe, expect, it } from "@jest/globals";
import { collectOutput } from "./child-output.ts";

const start = (script: string) => spawn("sh", ["-c", script], { stdio: ["ignore", "pipe", "pipe"] });
const limits = { stdoutLimitBytes: 1024, stderrKeepBytes: 1024, onOverflow: () => undefined };
const SLEEPER = new Int32Array(new SharedArrayBuffer(4));
const block = (ms: number) => void Atomics.wait(SLEEPER, 0, 0, ms);

describe("collectOutput", () => {
  // Ends of all children are looked at together, so one may be known to have ended before its pipe was read.
  it("has what a program printed while the event loop was blocked", async () => {
    const other = start("echo other");
    const late = start("sleep 0.5; echo late");
    other.stdout.once("data", () => block(2500));
    const output = collectOutput(late, limits);
    late.once("exit", () => block(1000));
    // So that the other one's output and its end are found at the same time.
    block(300);
    expect(await output).toEqual({ code: 0, killedBy: null, stdout: "late\n", stderr: "" });
  });

  it("does not wait for a pipe that something left behind keeps open", async () => {
    const child = start("sleep 60 & echo $!");
    const { stdout } = await collectOutput(child, limits);
    expect(process.kill(Number(stdout), "SIGKILL")).toBe(true);
  });
});

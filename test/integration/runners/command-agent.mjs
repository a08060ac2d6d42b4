import { spawn } from "node:child_process";
import { appendFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { text as readAll } from "node:stream/consumers";

// The agent of the contract for the runner "command". The first line of its input says what it does.

const folder = process.argv[2] ?? "";
appendFileSync(join(folder, "pids"), `${process.pid}\n`);
const text = await readAll(process.stdin);
appendFileSync(join(folder, "given"), `${JSON.stringify(text)}\n`);
const act = JSON.parse(text.split("\n", 1)[0] ?? "");
const say = (/** @type {string | Buffer} */ words) => void process.stdout.write(words);

/** A child that would outlive its parent. */
function leaveChild() {
  const ignore = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)";
  const child = spawn(process.execPath, ["-e", ignore], { stdio: "inherit" });
  appendFileSync(join(folder, "pids"), `${child.pid}\n`);
}

/** @type {Record<string, () => void>} */
const acts = {
  answer: () => say(act.text),
  wait() {
    const look = setInterval(() => {
      if (!existsSync(join(folder, `free-${act.id}`))) return;
      clearInterval(look);
      say(act.text);
    }, 20);
  },
  hang() {
    leaveChild();
    setInterval(() => {}, 1000);
  },
  stubborn() {
    process.on("SIGTERM", () => {});
    leaveChild();
    setInterval(() => {}, 1000);
  },
  fail() {
    process.stderr.write(act.why);
    process.exitCode = 3;
  },
  empty: () => say(" \n\t\n"),
  die() {
    leaveChild();
    process.stdout.write(act.text, () => process.kill(process.pid, "SIGKILL"));
  },
  flood() {
    process.stdout.write("x".repeat(65_536), acts.flood);
  },
  garbage: () => say(Buffer.concat([Buffer.from("left"), Buffer.from([0xff, 0xfe]), Buffer.from("right")])),
};
acts[act.do]?.();

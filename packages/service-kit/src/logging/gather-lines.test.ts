import { describe, expect, it } from "@jest/globals";
import { gatherLines } from "./gather-lines.ts";

const info = (msg: string) => `{"level":"info","msg":"${msg}"}\n`;
const warn = (msg: string) => `{"level":"warn","msg":"${msg}"}\n`;

/** A clock that stands still unless it is set, and what was written, also as something to wait for. */
function gather() {
  const written: string[] = [];
  let atMs = 0;
  let next: (() => void) | undefined;
  const lines = gatherLines(
    (text) => {
      written.push(text);
      next?.();
    },
    () => atMs,
  );
  const nextWrite = () => new Promise<void>((resolve) => (next = resolve));
  return { ...lines, written, nextWrite, setClock: (ms: number) => (atMs = ms) };
}

describe("gatherLines", () => {
  it("writes a line at once when none was written a moment ago, with those said in the same breath", async () => {
    const { write, written, setClock } = gather();
    write(info("a"));
    write(info("b"));
    await Promise.resolve();
    setClock(50);
    write(info("c"));
    await Promise.resolve();
    expect(written).toEqual([info("a") + info("b"), info("c")]);
  });

  it("writes those that follow closely together, a moment later", async () => {
    const { write, written, nextWrite } = gather();
    write(info("a"));
    await Promise.resolve();
    const later = nextWrite();
    write(info("b"));
    write(info("c"));
    expect(written).toEqual([info("a")]);
    await later;
    expect(written).toEqual([info("a"), info("b") + info("c")]);
  });

  it("lets no warning wait, and keeps the order", () => {
    const { write, written } = gather();
    write(info("a"));
    write(info("b"));
    write(warn("c"));
    write(`{"level":"fatal"}\n`);
    expect(written).toEqual([info("a") + info("b") + warn("c"), `{"level":"fatal"}\n`]);
  });

  it("writes what waits when it is told to, and nothing twice", () => {
    const { write, flush, written } = gather();
    write(info("a"));
    write(info("b"));
    flush();
    flush();
    expect(written).toEqual([info("a") + info("b")]);
  });
});

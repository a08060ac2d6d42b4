import { PassThrough, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { guardStream, readBounded } from "./guarded-stream.ts";

const IDLE_MS = 1000;
const guard = { idleMs: IDLE_MS, idle: () => new Error("idle"), fail: () => new Error("rebuilt") };

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ["nextTick", "queueMicrotask", "setImmediate"] });
});
afterEach(() => {
  jest.useRealTimers();
});

/** Lets streams pass on what they have. */
const settle = async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe("guardStream", () => {
  it("passes everything on and stops its clock at the end", async () => {
    const out = guardStream(Readable.from([Buffer.from("a"), Buffer.from("b")]), guard);
    expect(String(await buffer(out))).toBe("ab");
    expect(jest.getTimerCount()).toBe(0);
  });

  it("ends with its own error instead of the source's", async () => {
    const source = new PassThrough();
    const out = guardStream(source, guard);
    source.destroy(new Error("https://host/?access_token=secret"));
    await expect(buffer(out)).rejects.toThrow(/^rebuilt$/);
  });

  it("fails when the source closes without an end", async () => {
    const source = new PassThrough();
    const out = guardStream(source, guard);
    source.destroy();
    await expect(buffer(out)).rejects.toThrow(/^rebuilt$/);
  });

  it("gives up on a silent source and closes it", async () => {
    const source = new PassThrough();
    const out = guardStream(source, guard);
    const read = buffer(out);
    read.catch(() => {});
    source.write("a");
    await settle();
    await jest.advanceTimersByTimeAsync(IDLE_MS + 1);
    await expect(read).rejects.toThrow(/^idle$/);
    expect(source.destroyed).toBe(true);
  });

  it("waits for a reader who takes his time", async () => {
    const source = new PassThrough();
    const out = guardStream(source, guard);
    source.end(Buffer.alloc(200_000));
    await settle();
    await jest.advanceTimersByTimeAsync(IDLE_MS * 10);
    expect(out.destroyed).toBe(false);
    expect((await buffer(out)).length).toBe(200_000);
  });

  it("closes the source when nobody wants the rest", async () => {
    const source = new PassThrough();
    const out = guardStream(source, guard);
    out.destroy();
    await settle();
    expect(source.destroyed).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe("readBounded", () => {
  it("reads up to the limit and not a byte more", async () => {
    const stream = () => Readable.from([Buffer.from("abc"), Buffer.from("de")]);
    expect(String(await readBounded(stream(), 5))).toBe("abcde");
    const long = stream();
    expect(await readBounded(long, 4)).toBeUndefined();
    expect(long.destroyed).toBe(true);
  });
});

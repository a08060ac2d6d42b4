import { describe, expect, it } from "@jest/globals";
import { createLimiter } from "./limiter.ts";

describe("limiter", () => {
  it("runs no more than the limit at a time, and all in the end", async () => {
    const limiter = createLimiter({ concurrent: 3, waiting: 100 });
    let running = 0;
    let most = 0;
    const task = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    };
    await Promise.all(Array.from({ length: 20 }, () => limiter.run(task)));
    expect(most).toBe(3);
    expect(running).toBe(0);
  });

  it("frees the place of a task that failed, and refuses what cannot even wait", async () => {
    const limiter = createLimiter({ concurrent: 1, waiting: 1 });
    let release: () => void = () => undefined;
    const first = limiter.run(
      () =>
        new Promise<void>((_resolve, reject) => {
          release = () => reject(new Error("failed"));
        }),
    );
    const second = limiter.run(async () => "second");
    await expect(limiter.run(async () => "third")).rejects.toThrow(/slow down/);
    release();
    await expect(first).rejects.toThrow("failed");
    await expect(second).resolves.toBe("second");
  });
});

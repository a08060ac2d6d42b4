/** Lets a number of tasks run at a time and a number wait; refuses the rest. */
export interface Limiter {
  run<T>(task: () => Promise<T>): Promise<T>;
}

export function createLimiter(options: { concurrent: number; waiting: number }): Limiter {
  let running = 0;
  const waiting: (() => void)[] = [];
  return {
    async run(task) {
      if (running >= options.concurrent) {
        if (waiting.length >= options.waiting) throw new Error("Too many pushes are waiting: slow down.");
        await new Promise<void>((resolve) => waiting.push(resolve));
      } else {
        running += 1;
      }
      try {
        return await task();
      } finally {
        // The slot goes straight to the next in line, so that nobody can slip in between.
        const next = waiting.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
  };
}

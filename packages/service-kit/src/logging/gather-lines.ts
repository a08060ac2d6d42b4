/** Lines that follow each other this closely share a write. */
const GATHER_MS = 10;
const ORDINARY = /^\{"level":"(?:info|debug|trace)"/;

export interface GatheredLines {
  write(line: string): void;
  /** Writes what waits. */
  flush(): void;
}

/**
 * A line is written as soon as the piece of work that says it is done, unless the last write was a moment ago: then it waits
 * for the end of that moment, with all that come meanwhile. So a kill -9 loses nothing of a calm process, and of one that says hundreds of lines a second
 * what it said last; each of those lines would cost a system call that wakes its reader. Warnings and errors never wait.
 */
export function gatherLines(
  write: (lines: string) => void,
  now: () => number = () => performance.now(),
): GatheredLines {
  let waiting = "";
  let timer: NodeJS.Timeout | undefined;
  let wroteAtMs = Number.NEGATIVE_INFINITY;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting === "") return;
    wroteAtMs = now();
    const lines = waiting;
    waiting = "";
    write(lines);
  };
  return {
    flush,
    write(line) {
      waiting += line;
      if (!ORDINARY.test(line)) flush();
      else if (now() - wroteAtMs < GATHER_MS) timer ??= setTimeout(flush, GATHER_MS);
      // With those that the same piece of work says.
      else queueMicrotask(flush);
    },
  };
}

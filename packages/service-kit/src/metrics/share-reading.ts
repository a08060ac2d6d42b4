/**
 * One reading for everybody who asks at about the same time: the gauges of one scrape, and scrapes that follow each
 * other closely. Undefined when it failed or took too long, which `onError` is told of.
 */
export function shareReading<Reading>(deps: {
  readonly read: () => Promise<Reading>;
  /** How long a reading is as good as a new one. */
  readonly keepMs: number;
  readonly timeoutMs: number;
  readonly onError: (error: unknown) => void;
  /** Monotonic. */
  readonly now: () => number;
}): () => Promise<Reading | undefined> {
  let latest: { readonly reading: Promise<Reading | undefined>; readonly atMs: number } | undefined;
  return () => {
    if (latest !== undefined && deps.now() - latest.atMs < deps.keepMs) return latest.reading;
    const reading = within(deps.read(), deps.timeoutMs).catch((error: unknown) => {
      deps.onError(error);
      return undefined;
    });
    latest = { reading, atMs: deps.now() };
    return reading;
  };
}

async function within<Value>(work: Promise<Value>, timeoutMs: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${timeoutMs} ms.`)), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const POLL_MS = 20;

export interface WaitOptions {
  /** Only a bound for the failing case: choose it generously. Default 20 s. */
  readonly timeoutMs?: number;
  /** Told on failure, to explain the state things were left in. */
  readonly describe?: () => string | Promise<string>;
}

/**
 * Polls until `condition` gives something truthy, and returns that. A condition that throws counts as
 * "not yet"; its last error is the cause of the failure.
 */
export async function waitUntil<Value>(
  what: string,
  condition: () => Value | Promise<Value>,
  options: WaitOptions = {},
): Promise<Exclude<Value, false | null | undefined | 0 | "">> {
  const { timeoutMs = 20_000, describe } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let cause: unknown;
    try {
      const value = await condition();
      if (value) return value as Exclude<Value, false | null | undefined | 0 | "">;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= deadline) {
      const state = describe === undefined ? "" : `\n${await describe()}`;
      throw new Error(`gave up after ${timeoutMs} ms waiting until ${what}${state}`, { cause });
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

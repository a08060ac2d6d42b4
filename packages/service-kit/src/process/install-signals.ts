import type { Logger } from "pino";

/** The part of `process` that a lifecycle needs. */
export interface ProcessLike {
  exitCode?: number | string | null | undefined;
  on(event: string, listener: (value: unknown) => void): unknown;
  exit(code?: number | string | null): void;
  getActiveResourcesInfo(): string[];
}

const SIGNALS = ["SIGTERM", "SIGINT"];
const IMPATIENT_SIGNALS = 3;

/**
 * First signal: shut down. Second: force. Third: exit now. A crash ends the process at once, without releasing
 * anything: its state is unknown, and everything that matters is in Redis.
 */
export function installSignals(
  process: ProcessLike,
  deps: { readonly logger: Logger; readonly shutdown: (reason: string) => Promise<void> },
): void {
  let count = 0;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      count += 1;
      if (count >= IMPATIENT_SIGNALS) process.exit(1);
      else void deps.shutdown(signal);
    });
  }
  for (const event of ["uncaughtException", "unhandledRejection"]) {
    process.on(event, (error) => {
      deps.logger.fatal({ err: error }, `${event}: exiting`);
      process.exit(1);
    });
  }
}

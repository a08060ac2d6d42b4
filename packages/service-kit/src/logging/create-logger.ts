import type { DestinationStream, Logger } from "pino";
import { pino } from "pino";
import type { LogLevel } from "../config/types.ts";
import { createMaskText } from "./mask-text.ts";
import { REDACTED_PATHS } from "./redacted-paths.ts";
import { scrubError } from "./scrub-error.ts";

export interface LoggerOptions {
  readonly level: LogLevel;
  /** The name of the process in every line. */
  readonly service: string;
  /** Masked wherever they turn up in a line; see configSecrets. */
  readonly secrets?: readonly string[];
  /** Default: stdout, written at once, so that a crash loses no line. */
  readonly destination?: DestinationStream;
}

/**
 * JSON lines. Secrets and message content are kept out three times: by field name, by reducing errors to known
 * fields, and at last by looking for the configured secrets in the finished line.
 */
export function createLogger(options: LoggerOptions): Logger {
  const destination = options.destination ?? pino.destination({ dest: 1, sync: true });
  const mask = createMaskText(options.secrets ?? []);
  return pino(
    {
      level: options.level,
      base: { service: options.service, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: [...REDACTED_PATHS], censor: "[hidden]" },
      serializers: {
        err: (error: unknown) => scrubError(error),
        error: (error: unknown) => scrubError(error),
      },
    },
    { write: (line) => void destination.write(mask(line)) },
  );
}

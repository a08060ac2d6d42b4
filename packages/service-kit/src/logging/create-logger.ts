import type { Bindings, ChildLoggerOptions, DestinationStream, Logger } from "pino";
import { pino } from "pino";
import type { LogLevel } from "../config/types.ts";
import { gatherLines } from "./gather-lines.ts";
import { hideFields } from "./hide-fields.ts";
import type { Secrets } from "./live-mask.ts";
import { createLiveMask } from "./live-mask.ts";
import { scrubError } from "./scrub-error.ts";

export interface LoggerOptions {
  readonly level: LogLevel;
  /** The name of the process in every line. */
  readonly service: string;
  /** Masked wherever they turn up in a line; see configSecrets. */
  readonly secrets?: Secrets;
  /** Default: stdout; see gatherLines for when a line is there. */
  readonly destination?: DestinationStream;
}

/**
 * JSON lines. Secrets and message content are kept out three times: by field name, by reducing errors to known
 * fields, and at last by looking for the configured secrets in the finished line.
 */
export function createLogger(options: LoggerOptions): Logger {
  const destination = options.destination ?? standardOutput();
  const mask = createLiveMask(options.secrets ?? []);
  const logger = pino(
    {
      level: options.level,
      base: { service: options.service, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => hideFields(fields),
      },
      serializers: {
        err: (error: unknown) => scrubError(error),
        error: (error: unknown) => scrubError(error),
      },
    },
    { write: (line) => void destination.write(mask(line)) },
  );
  return withHiddenBindings(logger);
}

function standardOutput(): DestinationStream {
  const stdout = pino.destination({ dest: 1, sync: true });
  const lines = gatherLines((text) => void stdout.write(text));
  process.on("exit", lines.flush);
  return lines;
}

/** pino has no formatter for the fields of a child, so they are gone over before they reach it. */
function withHiddenBindings(logger: Logger, makeChild: Logger["child"] = logger.child): Logger {
  // pino's own method, bound to this logger: a child inherits the replaced one of its parent.
  const child = makeChild.bind(logger);
  return Object.assign(logger, {
    child: (bindings: Bindings, options?: ChildLoggerOptions) =>
      withHiddenBindings(child(hideFields(bindings), options), makeChild),
  });
}

import { types } from "node:util";

const MESSAGE_LIMIT = 2000;
const STACK_LIMIT = 4000;
const CAUSE_DEPTH = 4;
const PARTS_LIMIT = 5;

/** What the log keeps of an error. */
export interface ScrubbedError {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string | number;
  readonly errcode?: string | number;
  readonly kind?: string;
  readonly retryable?: boolean;
  readonly hint?: string;
  readonly cause?: ScrubbedError;
  readonly errors?: readonly ScrubbedError[];
}

/**
 * An error for the log: known plain fields only. Everything else that libraries hang on their errors stays out,
 * like the request with its token (HTTP clients) or the arguments of a command (ioredis, AUTH included).
 */
export function scrubError(error: unknown, depth = CAUSE_DEPTH): ScrubbedError {
  // Not instanceof: an error may come from another realm, like a worker's or a test runner's.
  if (!types.isNativeError(error))
    return { type: typeof error, message: cut(describe(error), MESSAGE_LIMIT) };
  const { stack, cause } = error;
  const parts = "errors" in error && Array.isArray(error.errors) ? error.errors.slice(0, PARTS_LIMIT) : [];
  return {
    type: error.name,
    message: cut(error.message, MESSAGE_LIMIT),
    ...(stack === undefined ? {} : { stack: cut(stack, STACK_LIMIT) }),
    ...plainFields(error),
    ...(cause === undefined || depth === 0 ? {} : { cause: scrubError(cause, depth - 1) }),
    ...(parts.length === 0 || depth === 0
      ? {}
      : { errors: parts.map((part) => scrubError(part, depth - 1)) }),
  };
}

/** A thrown thing that is no Error: its text when it has one, never the inside of an object. */
function describe(thrown: unknown): string {
  return typeof thrown === "object" && thrown !== null ? "a thrown object" : String(thrown);
}

function plainFields(error: Error): Partial<ScrubbedError> {
  const from = new Map<string, unknown>(Object.entries(error));
  return {
    ...pick("code", from.get("code")),
    ...pick("errcode", from.get("errcode")),
    ...pick("kind", from.get("kind")),
    ...pick("retryable", from.get("retryable")),
    ...pick("hint", from.get("hint")),
  };
}

function pick(name: string, value: unknown): Record<string, string | number | boolean> {
  if (typeof value === "string") return { [name]: cut(value, MESSAGE_LIMIT) };
  return typeof value === "number" || typeof value === "boolean" ? { [name]: value } : {};
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}… (${text.length} characters)`;
}

import type { Readable } from "node:stream";
import { WecomError } from "./errors.ts";
import { readBounded } from "./guarded-stream.ts";
import type { Exchange } from "./transport-errors.ts";
import { connectionError, errnoOf, unknownOutcome } from "./transport-errors.ts";

const JSON_LIMIT_BYTES = 1024 * 1024;

/** A request body that fails by itself never reached WeCom whole; axios would only say that it was cut off. */
export function watchBody(
  content: Buffer | Readable | undefined,
  exchange: Exchange,
): () => WecomError | undefined {
  let failure: unknown;
  if (content !== undefined && !Buffer.isBuffer(content)) {
    content.once("error", (error) => {
      failure = error;
    });
  }
  return () => {
    if (failure === undefined || failure instanceof WecomError) return failure;
    return new WecomError({
      ...exchange.context,
      code: "body_failed",
      kind: "not_sent",
      summary: `the content to upload could not be read (${errnoOf(failure)})`,
      hint: "WeCom did not get it whole. Open it again and retry.",
    });
  };
}

/** A JSON object. Anything else, or half of one, leaves the outcome of the request unknown. */
export async function readObject(
  exchange: Exchange,
  source: Readable,
  timedOut: () => boolean,
): Promise<Record<string, unknown>> {
  let body: Buffer | undefined;
  try {
    body = await readBounded(source, JSON_LIMIT_BYTES);
  } catch (error) {
    throw connectionError(exchange, errnoOf(error), timedOut());
  }
  if (body !== undefined) return parseObject(exchange, body);
  const summary = `the answer is longer than ${JSON_LIMIT_BYTES} bytes`;
  throw unknownOutcome(exchange, { code: "answer_too_long", summary });
}

function parseObject(exchange: Exchange, body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Reported below; the parser's message quotes the body.
  }
  throw unknownOutcome(exchange, { code: "answer_not_json", summary: "the answer is not a JSON object" });
}

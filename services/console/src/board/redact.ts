const IDENTIFIER = /^[\w.@:+/=%~|-]{1,256}$/;
const DEPTH_LIMIT = 8;
const ITEMS_LIMIT = 200;

/** Fields whose text names a thing and is never something a person or an agent wrote. */
const IDENTIFYING_FIELDS = new Set([
  ...["id", "ids", "jobId", "replyId", "messageId", "messageIds", "runId", "workerId", "traceId"],
  ...["app", "appName", "corpId", "agentId", "user", "userId", "conversation", "toUserName", "fromUserName"],
  ...["msgId", "msgIds", "kind", "type", "msgType", "event", "what", "state", "status", "outcome", "code"],
  ...["errcode", "queue", "lane", "runner"],
]);

/** Fields whose number counts or dates something. A number elsewhere may be content: a place, an amount. */
const COUNTING_FIELD =
  /(?:Ms|At|Count|Bytes|Chars)$|^(?:v|index|total|size|turn|turns|attempt|attempts|chunk|chunks|sent|errcode|createTime)$/;

/**
 * Job data as the console may show it: field names and structure stay, values stay only where a field is
 * known to identify, count or date something. Unknown fields are hidden, so that a field added tomorrow
 * is hidden until somebody decides otherwise.
 */
export function redactData(value: unknown): unknown {
  return redactField("", value, 0);
}

function redactField(field: string, value: unknown, depth: number): unknown {
  if (value === null || value === undefined || typeof value === "boolean") return value;
  if (typeof value === "number") return COUNTING_FIELD.test(field) ? value : "[redacted: number]";
  if (typeof value === "string") {
    return IDENTIFYING_FIELDS.has(field) && IDENTIFIER.test(value) ? value : redactText(value);
  }
  if (typeof value !== "object" || depth >= DEPTH_LIMIT) return "[redacted]";
  if (Array.isArray(value)) {
    return value.slice(0, ITEMS_LIMIT).map((item) => redactField(field, item, depth + 1));
  }
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, ITEMS_LIMIT)
      .map(([key, item]) => [IDENTIFIER.test(key) ? key : "[redacted]", redactField(key, item, depth + 1)]),
  );
}

const REDACTED = /^\[redacted(?:: (?:\d+ characters|number))?\]$/;

/**
 * Stands where a text was; its length is kept, because an empty or a huge one explains many faults.
 * What is redacted already stays as it is, so that redacting twice changes nothing.
 */
export function redactText(text: string): string {
  return text === "" || REDACTED.test(text) ? text : `[redacted: ${text.length} characters]`;
}

/** A name or id of ours, or its redaction when it does not look like one. */
export function identifierOnly(text: string): string {
  return IDENTIFIER.test(text) ? text : redactText(text);
}

/** BullMQ's own job options: numbers and switches are ours, text must look like an id. */
export function redactOptions(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return identifierOnly(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= DEPTH_LIMIT) return "[redacted]";
  if (Array.isArray(value)) return value.slice(0, ITEMS_LIMIT).map((item) => redactOptions(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [identifierOnly(key), redactOptions(item, depth + 1)]),
  );
}

const HIDDEN = "[hidden]";
/** Deeper objects have no place in a log line. */
const DEPTH_LIMIT = 4;

/** Fields whose value never reaches the log, in whatever object they stand. Compared in lower case, without - and _. */
const HIDDEN_FIELDS: ReadonlySet<string> = new Set([
  "token",
  "accesstoken",
  "corpsecret",
  "secret",
  "encodingaeskey",
  "aeskey",
  "keys",
  "password",
  "authorization",
  "cookie",
  "setcookie",
  "xapikey",
  "httpproxy",
  "redisurl",
  "env",
  "body",
  "rawbody",
  "plaintext",
  "content",
]);

/**
 * The same fields with secrets and message content replaced. A walk of our own: the logger's wildcard paths cost
 * ten times the line itself. Errors and other class instances are left to their serializers.
 */
export function hideFields(fields: Record<string, unknown>, depth = DEPTH_LIMIT): Record<string, unknown> {
  if (Object.keys(fields).every((name) => isPlainlyOpen(name, fields[name]))) return fields;
  const shown: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    shown[name] = isHiddenField(name) && value !== undefined ? HIDDEN : hideWithin(value, depth);
  }
  return shown;
}

/** Nothing to hide in it, as in nearly every line. */
function isPlainlyOpen(name: string, value: unknown): boolean {
  return (typeof value !== "object" || value === null) && !isHiddenField(name);
}

function hideWithin(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    return depth === 0 ? "[too deep]" : value.map((item) => hideWithin(item, depth - 1));
  }
  if (!isPlain(value)) return value;
  return depth === 0 ? "[too deep]" : hideFields(value, depth - 1);
}

const normalized = new Map<string, boolean>();
const REMEMBERED_NAMES = 1000;

function isHiddenField(name: string): boolean {
  const known = normalized.get(name);
  if (known !== undefined) return known;
  const isHidden = HIDDEN_FIELDS.has(name.toLowerCase().replaceAll(/[-_]/g, ""));
  if (normalized.size < REMEMBERED_NAMES) normalized.set(name, isHidden);
  return isHidden;
}

function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  // Not compared with Object.prototype: objects of another realm are as plain.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

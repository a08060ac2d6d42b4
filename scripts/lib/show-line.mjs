const LEVELS = new Map([
  ["warn", "warning: "],
  ["error", "ERROR: "],
  ["fatal", "FATAL: "],
]);
const HIDDEN = new Set(["level", "time", "pid", "hostname", "service", "name", "msg", "v"]);
const WIDTH = 200;

/**
 * A service's log line for human eyes: JSON becomes a sentence with its fields behind it, anything else stays.
 *
 * @param {string} name
 * @param {string} line
 * @returns {string}
 */
export function showLine(name, line) {
  return `${name.padEnd(8)} │ ${shorten(sentence(line))}`;
}

/** @param {string} line */
function sentence(line) {
  const entry = parseEntry(line);
  if (entry === undefined) return line;
  const fields = Object.entries(entry).filter(([key]) => !HIDDEN.has(key));
  const shown = fields.map(
    ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return `${LEVELS.get(String(entry.level)) ?? ""}${entry.msg}${shown.length > 0 ? `  (${shown.join(", ")})` : ""}`;
}

/**
 * @param {string} line
 * @returns {Record<string, unknown> | undefined}
 */
function parseEntry(line) {
  if (!line.startsWith("{")) return undefined;
  try {
    const entry = JSON.parse(line);
    return typeof entry.msg === "string" ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} text */
function shorten(text) {
  return text.length <= WIDTH ? text : `${text.slice(0, WIDTH)}…`;
}

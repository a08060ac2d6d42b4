const SHOWN_WHOLE_LENGTH = 24;
const SHOWN_START_LENGTH = 4;

/** Says what stands in a setting, without giving a secret away. */
export function describeFound(value: unknown, kind: "secret" | "plain"): string {
  if (value === undefined) return "is missing";
  if (typeof value !== "string") return `found ${shapeOf(value)}`;
  if (value === "") return "is empty";
  if (kind === "secret") return `found ${lengthOf(value)}${oddities(value)} (value not shown)`;
  // A long value in a plain setting is sometimes a secret pasted into the wrong line.
  if (value.length > SHOWN_WHOLE_LENGTH) {
    return `found ${JSON.stringify(`${value.slice(0, SHOWN_START_LENGTH)}…`)} (${lengthOf(value)})`;
  }
  return `found ${JSON.stringify(value)}`;
}

function lengthOf(value: string): string {
  return value.length === 1 ? "1 character" : `${value.length} characters`;
}

function oddities(value: string): string {
  const odd: string[] = [];
  if (/\s/u.test(value)) odd.push("white space");
  if (/["']/u.test(value)) odd.push("quotation marks");
  if (/[^\p{ASCII}]/u.test(value)) odd.push("characters outside ASCII");
  return odd.length === 0 ? "" : `, among them ${odd.join(" and ")}`;
}

function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === "object" ? "a group of keys" : `a ${typeof value}`;
}

import { LineCounter, parseDocument } from "yaml";
import type { FaultList } from "./fault-list.ts";
import { readBoundedFile } from "./read-bounded-file.ts";

const CONFIG_FILE_LIMIT_BYTES = 4 * 1024 * 1024;

export type RawMap = Readonly<Record<string, unknown>>;

/**
 * The file as maps, lists and text. The failsafe schema gives no scalar a type: `agent_id: 1000002` and
 * `token: 0123` stay as written. Errors name a line, never the text on it.
 */
export function parseConfigFile(path: string, faults: FaultList): RawMap | undefined {
  const where = `GATEWAY_CONFIG (${path})`;
  const file = readBoundedFile(path, CONFIG_FILE_LIMIT_BYTES);
  if (!file.ok) {
    faults.add({ where, found: `the file ${file.reason}`, mend: "Needs the path of a readable YAML file." });
    return undefined;
  }
  const lines = new LineCounter();
  const options = { schema: "failsafe", merge: true, prettyErrors: false, uniqueKeys: false } as const;
  const document = parseDocument(file.text, { ...options, logLevel: "silent", lineCounter: lines });
  for (const error of document.errors) {
    const { line, col } = lines.linePos(error.pos[0]);
    faults.add({
      where: `${where}, line ${line}, column ${col}`,
      found: `not valid YAML (${error.code.toLowerCase().replaceAll("_", " ")})`,
      mend: "Check indentation, colons and quotation marks on this line and the one before.",
    });
  }
  if (document.errors.length > 0) return undefined;
  return toMap(() => document.toJS({ maxAliasCount: 100 }), where, faults);
}

function toMap(convert: () => unknown, where: string, faults: FaultList): RawMap | undefined {
  let value: unknown;
  try {
    value = convert();
    // An alias may name what it stands in; nothing that walks through the value would come to an end.
    JSON.stringify(value);
  } catch {
    faults.add({
      where,
      found: "unusable YAML aliases",
      mend: "Write the values out instead of using & and *.",
    });
    return undefined;
  }
  if (isMap(value)) return value;
  faults.add({
    where,
    found: "no map of keys at the top",
    mend: "Needs the key platforms at the left margin.",
  });
  return undefined;
}

export function isMap(value: unknown): value is RawMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** YAML's ways to say nothing; without types they arrive as text. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === "" || value === "~" || value === "null";
}

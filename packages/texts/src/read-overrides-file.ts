import { readFileSync, statSync } from "node:fs";
import type { ConfigFault } from "@gateway/service-kit";
import { LineCounter, parseDocument } from "yaml";

/** Several times the whole catalogue. */
const FILE_LIMIT_BYTES = 256 * 1024;

export type OverridesFile =
  | { readonly ok: true; readonly content: unknown }
  | { readonly ok: false; readonly fault: ConfigFault };

/** A small YAML or JSON file as maps, lists and strings; never throws, and repeats nothing of the content. */
export function readOverridesFile(path: string): OverridesFile {
  const fault = (found: string, mend: string, where = path): OverridesFile => ({
    ok: false,
    fault: { where, found, mend },
  });
  let bytes: Buffer;
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return fault("not a regular file", "Needs the path of a YAML or JSON file.");
    if (stat.size > FILE_LIMIT_BYTES)
      return fault(`larger than ${FILE_LIMIT_BYTES} bytes`, "Keep only the texts that are to be replaced.");
    bytes = readFileSync(path);
  } catch (error) {
    const code =
      typeof error === "object" && error !== null && "code" in error ? String(error.code) : "unknown error";
    return fault(`cannot be read (${code})`, "Needs the path of a file that the worker may read.");
  }
  const lines = new LineCounter();
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // The failsafe schema leaves every scalar a string: `no` and `1e3` are texts like any other.
    const document = parseDocument(text, { schema: "failsafe", prettyErrors: false, lineCounter: lines });
    const [first] = document.errors;
    if (first === undefined) return { ok: true, content: document.toJS({ maxAliasCount: 20 }) };
    const { line } = lines.linePos(first.pos[0]);
    return fault(
      `not valid YAML (${first.code.toLowerCase().replaceAll("_", " ")})`,
      "Check indentation and quotation marks on this line and the one before; a text with a colon, a # or a { needs quotation marks.",
      `${path}, line ${line}`,
    );
  } catch {
    return fault("not usable YAML in UTF-8", "Save the file as UTF-8 and write aliases (& and *) out.");
  }
}

import type { z } from "zod";
import type { ConfigFault } from "./config-error.ts";
import { describeFound } from "./describe-found.ts";
import { expandVariables, referencesIn } from "./expand-variables.ts";
import type { FaultList } from "./fault-list.ts";
import { HIDDEN_KEYS } from "./file-schema.ts";
import type { RawMap } from "./parse-config-file.ts";
import { isBlank, isMap } from "./parse-config-file.ts";

export interface SectionReader {
  /** Validates the known keys of one map; undefined and a fault per problem when something is wrong. */
  read<Output>(section: RawMap, schema: z.ZodType<Output>, place: SectionPlace): Output | undefined;
  /** One key with its variables filled in, without validating it. */
  peek(section: RawMap, key: string): string | undefined;
}

export interface SectionPlace {
  /** Path in the file, for messages. */
  readonly path: string;
  /** ` (app "sales")`, or nothing. */
  readonly label: string;
  readonly keys: readonly string[];
}

/** Reads maps of the file: fills in `${NAME}`, drops blank keys, validates, and reports each fault by its path. */
export function createSectionReader(
  lookUp: (name: string) => string | undefined,
  faults: FaultList,
): SectionReader {
  return {
    read(section, schema, place) {
      const picked = Object.fromEntries(place.keys.map((key) => [key, section[key]]));
      const missing = new Map<string, string[]>();
      const expanded = expandDeep(picked, [], (name, path) => {
        const where = placeOf(place, path);
        missing.set(where, [...(missing.get(where) ?? []), name]);
      });
      for (const [where, names] of missing) faults.add(missingVariables(where, names));
      const parsed = schema.safeParse(expanded, { error: mendShape });
      if (parsed.success) return parsed.data;
      for (const issue of parsed.error.issues) {
        const found = describeAt(picked, expanded, issue.path);
        faults.add({ where: placeOf(place, issue.path), found, mend: issue.message });
      }
      return undefined;
    },
    peek(section, key) {
      const value = section[key];
      return typeof value === "string" && !isBlank(value)
        ? expandVariables(value, lookUp, () => {})
        : undefined;
    },
  };

  function expandDeep(value: unknown, path: Path, onMissing: (name: string, path: Path) => void): unknown {
    if (typeof value === "string")
      return expandVariables(value.trim(), lookUp, (name) => onMissing(name, path));
    if (Array.isArray(value))
      return value.map((item, index) => expandDeep(item, [...path, index], onMissing));
    if (!isMap(value)) return value;
    const entries = Object.entries(value).filter(([, item]) => !isBlank(item));
    return Object.fromEntries(
      entries.map(([key, item]) => [key, expandDeep(item, [...path, key], onMissing)]),
    );
  }
}

const SHAPES: Readonly<Record<string, string>> = {
  string: "Needs one text or number.",
  array: "Needs a list.",
  object: "Needs a group of keys.",
  record: "Needs a group of keys.",
};

/** For what has no words of its own in the schema: a value of quite another shape. */
function mendShape(issue: z.core.$ZodRawIssue): string {
  return (
    SHAPES[issue.code === "invalid_type" ? issue.expected : ""] ??
    "Needs another value; see config/gateway.example.yaml."
  );
}

function missingVariables(where: string, names: readonly string[]): ConfigFault {
  const references = names.map((name) => `\${${name}}`).join(" and ");
  const verb = names.length === 1 ? "has" : "have";
  return {
    where,
    found: `${references} ${verb} no value in the environment`,
    mend: `Set ${names.join(" and ")}, or the same name with _FILE to the path of a file that holds the value.`,
  };
}

type Path = readonly PropertyKey[];

function placeOf(place: SectionPlace, path: Path): string {
  const suffix = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return `${place.path}${suffix}${place.label}`;
}

function describeAt(raw: unknown, expanded: unknown, path: Path): string {
  const written = valueAt(raw, path);
  const references = typeof written === "string" ? referencesIn(written) : [];
  const hidden = references.length > 0 || path.some((part) => HIDDEN_KEYS.includes(String(part)));
  const found = describeFound(valueAt(expanded, path), hidden ? "secret" : "plain");
  return references.length > 0 ? `${references.join(" and ")}: ${found}` : found;
}

function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const part of path) {
    if (Array.isArray(current)) current = current[Number(part)];
    else if (isMap(current)) current = current[String(part)];
    else return undefined;
  }
  return current;
}

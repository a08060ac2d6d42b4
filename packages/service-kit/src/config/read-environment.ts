import { describeFound } from "./describe-found.ts";
import type { EnvironmentSettings } from "./environment-schema.ts";
import { environmentSchema, HIDDEN_SETTINGS, SECRET_SETTINGS, SETTING_NAMES } from "./environment-schema.ts";
import type { FaultList } from "./fault-list.ts";
import { readBoundedFile } from "./read-bounded-file.ts";
import type { Environment } from "./types.ts";

const SECRET_FILE_LIMIT_BYTES = 4096;

/** The secret files' names by setting, for saying where a value came from. */
type Origins = Map<string, string>;

/** Reads and validates every variable. Faulty ones are reported and left out. */
export function readEnvironment(env: Environment, faults: FaultList): EnvironmentSettings {
  const origins: Origins = new Map();
  const raw: Record<string, string> = {};
  for (const name of SETTING_NAMES) {
    const value = isSecret(name) ? readSecret(name, env, faults, origins) : env[name]?.trim();
    if (value !== undefined && value !== "") raw[name] = value;
  }
  const parsed = environmentSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    const name = String(issue.path[0]);
    faults.add({
      where: origins.get(name) ?? name,
      found: describeFound(raw[name], HIDDEN_SETTINGS.includes(name) ? "secret" : "plain"),
      mend: issue.message,
    });
    delete raw[name];
  }
  return environmentSchema.parse(raw);
}

function isSecret(name: string): boolean {
  return SECRET_SETTINGS.some((secret) => secret === name);
}

/**
 * A secret from NAME, or from the file that NAME_FILE points to. Only line ends are cut off: a blank inside a
 * WeCom secret is reported, not guessed away.
 */
export function readSecret(
  name: string,
  env: Environment,
  faults: FaultList,
  origins: Origins,
): string | undefined {
  const direct = env[name]?.replace(/[\r\n]+$/, "");
  const path = env[`${name}_FILE`]?.trim();
  if (path === undefined || path === "") return direct;
  const where = `${name}_FILE (${path})`;
  if (direct !== undefined && direct !== "") {
    faults.add({ where, found: `is set, and ${name} too`, mend: "Keep one of the two." });
    return undefined;
  }
  const file = readBoundedFile(path, SECRET_FILE_LIMIT_BYTES);
  if (!file.ok) {
    faults.add({
      where,
      found: `the file ${file.reason}`,
      mend: `Needs a readable file with the value of ${name}.`,
    });
    return undefined;
  }
  const value = file.text.replace(/^\uFEFF/, "").replace(/[\r\n]+$/, "");
  if (value === "") {
    faults.add({ where, found: "the file is empty", mend: `Needs a file with the value of ${name}.` });
    return undefined;
  }
  origins.set(name, where);
  return value;
}

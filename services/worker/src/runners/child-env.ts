/** What any program needs to run. Nothing of the gateway's own settings is in it. */
const BASE_ENV = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR"];

/** All that a program gets to see of our environment: these, and what the operator named. */
export function childEnv(
  env: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): Record<string, string> {
  const entries = [...BASE_ENV, ...names].map((name) => [name, env[name]] as const);
  return Object.fromEntries(
    entries.filter((entry): entry is readonly [string, string] => entry[1] !== undefined),
  );
}

const REFERENCE = /\$(\$?)\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/**
 * Replaces `${NAME}` by the variable's value; `$${NAME}` stays as `${NAME}`. Done after parsing, so a value can
 * never change the structure of the file. A name without a value is reported and expands to nothing.
 */
export function expandVariables(
  text: string,
  lookUp: (name: string) => string | undefined,
  onMissing: (name: string) => void,
): string {
  return text.replace(REFERENCE, (whole, dollar: string, name: string) => {
    if (dollar !== "") return whole.slice(1);
    const value = lookUp(name);
    if (value === undefined || value === "") onMissing(name);
    return value ?? "";
  });
}

/** What the text takes from the environment, as written there. What stands around it may be a secret. */
export function referencesIn(text: string): string[] {
  return [...text.matchAll(REFERENCE)].flatMap(([whole, dollar]) => (dollar === "" ? [whole] : []));
}

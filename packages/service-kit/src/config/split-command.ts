/**
 * Splits a command line into program and arguments: blanks separate, single or double quotes hold together.
 * Nothing else has a meaning: no escapes, variables, globs, pipes. Undefined when a quote stays open or
 * nothing is left.
 */
export function splitCommand(line: string): [string, ...string[]] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (const character of line) {
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
      else word = (word ?? "") + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= "";
    } else if (/\s/u.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? "") + character;
    }
  }
  if (quote !== undefined) return undefined;
  if (word !== undefined) words.push(word);
  return asCommand(words);
}

/** A list as a command; undefined when it is empty or names no program. */
export function asCommand(words: readonly string[]): [string, ...string[]] | undefined {
  const [program, ...rest] = words;
  return program === undefined || program === "" ? undefined : [program, ...rest];
}

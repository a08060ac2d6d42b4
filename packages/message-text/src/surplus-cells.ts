const STARTS_WITH_PIPE = /^[\s>]*\|/u;
const UNESCAPED_PIPE = /(?<!\\)\|/u;

/**
 * What a row of a table holds beyond its columns. GitHub drops it, but in an agent's answer it is mostly content: the
 * rest of a cell with a pipe in it, such as `a || b`.
 */
export function surplusCells(sourceLine: string, columns: number): string {
  const cells = sourceLine.split(UNESCAPED_PIPE);
  const beyond = cells
    .slice(STARTS_WITH_PIPE.test(sourceLine) ? columns + 1 : columns)
    .map((cell) => cell.trim());
  return beyond.filter((cell) => cell !== "").join(" | ");
}

import { scale } from "./scale.ts";
import { medianInterval } from "./statistics.ts";

export const print = (line = ""): void => void process.stdout.write(`${line}\n`);

/** What the figures below it stand for. */
export function printHead(what: string): void {
  print(`${what}${scale === "full" ? "" : ` (${scale} run: too small for conclusions)`}\n`);
}

/** A table of Markdown that reads well as text, too: the first column to the left, the others to the right. */
export function printTable(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = header.map((_, column) =>
    Math.max(4, ...[header, ...rows].map((line) => (line[column] ?? "").length)),
  );
  const printRow = (line: readonly string[]) => print(`| ${line.join(" | ")} |`);
  const padded = (line: readonly string[]) =>
    widths.map((width, column) => {
      const cell = line[column] ?? "";
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
  printRow(padded(header));
  printRow(widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)));
  for (const row of rows) printRow(padded(row));
  print();
}

/** A measured value beside the most that it should be. */
export interface Target {
  readonly what: string;
  readonly measured: number;
  readonly most: number;
  readonly digits?: number;
  /** What each round measured, where there were several: says how far the figure can be trusted. */
  readonly rounds?: readonly number[];
}

export function printTargets(targets: readonly Target[]): void {
  const rows = targets.map(({ what, measured, most, digits = 0, rounds = [] }) => {
    const [low, high] = medianInterval(rounds).map((value) => value.toFixed(digits));
    const spread = rounds.length > 1 ? `${low} to ${high}` : "";
    return [what, measured.toFixed(digits), spread, most.toFixed(digits), verdict(measured, most, rounds)];
  });
  printTable(["target", "measured", "95 % certain", "at most", ""], rows);
}

/** A limit inside the interval was neither met nor missed for certain. */
function verdict(measured: number, most: number, rounds: readonly number[]): string {
  const word = measured <= most ? "met" : "MISSED";
  const [low, high] = medianInterval(rounds);
  return rounds.length > 1 && low <= most && most < high ? `${word}, just` : word;
}

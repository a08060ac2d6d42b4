import { describeMachine, scale } from "./scale.ts";

export const print = (line = ""): void => void process.stdout.write(`${line}\n`);

/** What the figures below it stand for, and on which machine. */
export function printHead(what: string): void {
  print(what);
  print(`${describeMachine()}${scale === "full" ? "" : `; ${scale} run: too small for conclusions`}\n`);
}

/** Columns as wide as their widest cell; the first to the left, the others to the right. */
export function printTable(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length)));
  for (const line of lines) {
    const cells = widths.map((width, column) => {
      const cell = line[column] ?? "";
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    print(`  ${cells.join("   ")}`);
  }
  print();
}

import { displayWidth } from "./display-width.ts";

/** Columns that a phone shows on one line of a chat. */
const PHONE_COLUMNS = 34;
/** Wider cells are not measured: their table cannot be a grid. */
const LONGEST_GRID_CELL_CHARS = PHONE_COLUMNS;
const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
const IDEOGRAPHIC_SPACE = "\u3000";

export interface TableLayout {
  /** Sets a header or the name of a record apart. */
  emphasize(text: string): string;
  readonly indent: string;
  /** Padding and a line under the header, for message types that keep spaces. */
  readonly isAligned: boolean;
}

type Row = readonly string[];

/**
 * A table for a phone, in a font that is not monospaced. When every row fits on a line it stays a grid. Otherwise each
 * row becomes "name: value" for two columns, or a record with one line per column.
 */
export function layOutTable(header: Row, rows: readonly Row[], layout: TableLayout): string[] {
  if (rows.length === 0) return [header.map((cell) => layout.emphasize(cell)).join(" | ")];
  if (isGrid([header, ...rows])) return grid(header, rows, layout);
  return header.length <= 2 ? pairs(header, rows, layout) : records(header, rows, layout);
}

function isGrid(rows: readonly Row[]): boolean {
  if (rows.some((row) => row.some((cell) => cell.length > LONGEST_GRID_CELL_CHARS))) return false;
  const separators = ((rows[0]?.length ?? 1) - 1) * 3;
  return columnWidths(rows).reduce((sum, width) => sum + width, separators) <= PHONE_COLUMNS;
}

function grid(header: Row, rows: readonly Row[], layout: TableLayout): string[] {
  if (!layout.isAligned) {
    return [header.map((cell) => layout.emphasize(cell)), ...rows].map((row) => row.join(" | "));
  }
  const all = [header, ...rows];
  const widths = columnWidths(all);
  const isWide = header.map((_, column) => all.some((row) => CJK.test(row[column] ?? "")));
  const [first = "", ...rest] = all.map((row) =>
    row
      .map(
        (cell, column) => cell + padding((widths[column] ?? 0) - displayWidth(cell), isWide[column] === true),
      )
      .join(" | ")
      .trimEnd(),
  );
  return [first, "─".repeat(Math.ceil(displayWidth(first) / 2)), ...rest];
}

/** A column of 汉字 is padded with spaces as wide as a 汉字, so that it lines up in any font. */
function padding(columns: number, isWide: boolean): string {
  if (!isWide) return " ".repeat(columns);
  return IDEOGRAPHIC_SPACE.repeat(Math.floor(columns / 2)) + " ".repeat(columns % 2);
}

function pairs(header: Row, rows: readonly Row[], { emphasize }: TableLayout): string[] {
  const join = joinFor(header);
  const lines = rows.filter(hasContent).map((row) => `• ${join(row[0] ?? "", row[1] ?? "")}`);
  return hasContent(header) ? [emphasize(join(header[0] ?? "", header[1] ?? "")), ...lines] : lines;
}

function records(header: Row, rows: readonly Row[], { emphasize, indent }: TableLayout): string[] {
  const join = joinFor(header);
  return rows
    .filter(hasContent)
    .flatMap(([name = "", ...cells]) => [
      `• ${emphasize(join(header[0] ?? "", name === "" ? "—" : name))}`,
      ...cells.flatMap((cell, index) => (cell === "" ? [] : [indent + join(header[index + 1] ?? "", cell)])),
    ]);
}

/** "name: value" with the colon of the language that the header is written in. */
function joinFor(header: Row): (name: string, value: string) => string {
  const colon = header.some((cell) => CJK.test(cell)) ? "：" : ": ";
  return (name, value) => (name === "" || value === "" ? name + value : name + colon + value);
}

function columnWidths(rows: readonly Row[]): number[] {
  return (rows[0] ?? []).map((_, column) =>
    rows.reduce((widest, row) => Math.max(widest, displayWidth(row[column] ?? "")), 0),
  );
}

function hasContent(row: Row): boolean {
  return row.some((cell) => cell !== "");
}

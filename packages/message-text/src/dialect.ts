import type { Span } from "./spans.ts";
import type { TableLayout } from "./table.ts";

/** How one message type of WeCom shows what Markdown can say. Blocks are lists of lines. */
export interface Dialect {
  /** A run of inline content; may hold line feeds. */
  inline(spans: readonly Span[]): string;
  heading(level: number, text: string): string;
  /** `info` is what stands behind the opening fence, mostly a language. */
  code(code: string, info: string): string[];
  quote(lines: readonly string[], depth: number): string[];
  /** `width` is that of the list marker in columns. */
  indent(width: number): string;
  readonly rule: string;
  readonly table: TableLayout;
}

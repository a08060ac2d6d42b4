import type { Token } from "markdown-it";

/** What is read of a token of the parser inside a line. */
export type InlineToken = Pick<
  Token,
  "type" | "tag" | "nesting" | "content" | "markup" | "children" | "attrGet"
>;

/** A mark that a run of text can carry. The three colours are those of WeCom's markdown (WeCom doc 90236). */
export type Mark = "bold" | "italic" | "info" | "comment" | "warning";

/** One piece of a line of text, free of Markdown and HTML syntax. Marks nest and are always closed. */
export type Span =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "break" }
  | { readonly kind: "code"; readonly code: string }
  | { readonly kind: "link"; readonly label: string; readonly url: string }
  | { readonly kind: "image"; readonly alt: string; readonly url: string }
  | { readonly kind: "open" | "close"; readonly mark: Mark };

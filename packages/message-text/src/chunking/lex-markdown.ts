/** A piece of the content of a markdown message. */
export interface MarkdownToken {
  readonly kind: "text" | "whole" | "code" | "quote" | "bold" | "fontOpen" | "fontClose" | "lineEnd";
  readonly text: string;
}

const QUOTE = /^>\s?/u;
const MARKER =
  /(?<code>`+)|(?<whole>\[[^[\]\n]{1,1100}\]\([^()\s]{1,2100}\)|(?:https?|ftp):\/\/[^\s<>"()\u0080-\uffff]+)|(?<fontOpen><font color="(?:info|comment|warning)">)|(?<fontClose><\/font>)|(?<bold>\*\*)/gu;

/** Cuts the subset of markdown that WeCom renders into its pieces. Inline code keeps its backticks. */
export function lexMarkdown(lines: readonly string[]): MarkdownToken[] {
  return lines.flatMap((line, index) => {
    const tokens = lexLine(line);
    return index === lines.length - 1 ? tokens : [...tokens, { kind: "lineEnd" as const, text: "\n" }];
  });
}

function lexLine(line: string): MarkdownToken[] {
  const quote = QUOTE.exec(line)?.[0] ?? "";
  const tokens: MarkdownToken[] = quote === "" ? [] : [{ kind: "quote", text: quote }];
  const fences = findFences(line);
  let from = quote.length;
  const addText = (end: number) => {
    if (end > from) tokens.push({ kind: "text", text: line.slice(from, end) });
  };
  for (const match of line.matchAll(MARKER)) {
    if (match.index < from) continue; // Inside the inline code before it.
    const end = match.groups?.code === undefined ? match.index + match[0].length : fences.get(match.index);
    if (end === undefined) continue;
    addText(match.index);
    tokens.push({ kind: kindOf(match.groups), text: line.slice(match.index, end) });
    from = end;
  }
  addText(line.length);
  return tokens;
}

function kindOf(groups: Readonly<Record<string, string | undefined>> | undefined): MarkdownToken["kind"] {
  const kinds = ["code", "whole", "fontOpen", "fontClose", "bold"] as const;
  return kinds.find((kind) => groups?.[kind] !== undefined) ?? "text";
}

/** For each run of backticks, where the inline code ends that it may open: behind the next run of the same length. */
function findFences(line: string): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  const next = new Map<number, number>();
  const runs = [...line.matchAll(/`+/gu)].reverse();
  for (const { index, 0: run } of runs) {
    const end = next.get(run.length);
    if (end !== undefined) ends.set(index, end);
    next.set(run.length, index + run.length);
  }
  return ends;
}

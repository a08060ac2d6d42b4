export interface TextcardLine {
  readonly text: string;
  readonly tone: "gray" | "highlight" | "normal";
}

const PIECE = /<div class=["'](gray|highlight|normal)["']>([^<]*)<\/div>/gi;

function toneOf(value: string | undefined): TextcardLine["tone"] {
  return value === "gray" || value === "highlight" ? value : "normal";
}

/** The description of a textcard: `<div class="gray|highlight|normal">` and `<br>` are understood (doc 90236). */
export function textcardLines(description: string): TextcardLine[] {
  const lines: TextcardLine[] = [];
  const addPlain = (plain: string) => {
    for (const text of plain.split(/<br\s*\/?>|\n/i))
      if (text.trim() !== "") lines.push({ text, tone: "normal" });
  };
  let position = 0;
  for (const match of description.matchAll(PIECE)) {
    addPlain(description.slice(position, match.index));
    lines.push({ text: match[2] ?? "", tone: toneOf(match[1]?.toLowerCase()) });
    position = match.index + match[0].length;
  }
  addPlain(description.slice(position));
  return lines;
}

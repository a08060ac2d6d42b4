/** A run of text, or a link. */
export interface Segment {
  readonly text: string;
  readonly href?: string;
}

// One alternative per kind of link; nothing nested and no overlapping repeats, so that time stays linear.
const LINK =
  /<a\s+href=(?:"(https?:\/\/[^"<>\s]+)"|'(https?:\/\/[^'<>\s]+)')\s*>([^<>]*)<\/a>|(https?:\/\/[^\s<>"'，。；！？、（）《》]+)/gi;

/**
 * A text message as a member sees it (doc 90236): `<a href="https://…">` becomes a link, bare addresses are linked by
 * the clients, every other tag shows as it was typed.
 */
export function textSegments(text: string): Segment[] {
  const segments: Segment[] = [];
  let position = 0;
  for (const match of text.matchAll(LINK)) {
    if (match.index > position) segments.push({ text: text.slice(position, match.index) });
    const href = match[1] ?? match[2] ?? match[4] ?? "";
    segments.push({ text: match[4] ?? match[3] ?? "", href });
    position = match.index + match[0].length;
  }
  if (position < text.length) segments.push({ text: text.slice(position) });
  return segments;
}

import { h, link } from "./dom.js";

function inlineView(inline) {
  switch (inline.kind) {
    case "bold":
      return h("strong", {}, ...inline.inlines.map(inlineView));
    case "font":
      return h(`span.font-${inline.color}`, {}, ...inline.inlines.map(inlineView));
    case "code":
      return h("code.md-code", {}, inline.text);
    case "link":
      return link(inline.href, inline.text);
    default:
      return inline.text;
  }
}

const CLASSES = { heading: "md-h", quote: "md-quote", line: "md-line" };

/** The blocks that the emulator made of a markdown message. */
export function markdownView(blocks) {
  const lines = blocks.map((block) => {
    const level = block.kind === "heading" ? `.md-h${block.level}` : "";
    return h(`div.${CLASSES[block.kind]}${level}`, {}, ...block.inlines.map(inlineView));
  });
  return h("div.md", {}, ...lines);
}

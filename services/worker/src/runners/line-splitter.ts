/** Cuts a text that comes in parts into lines, whichever of the three ends they have. */
export interface LineSplitter {
  /** The lines that this part ends. */
  push(part: string): string[];
  /** Length of the line that has not ended yet. */
  openChars(): number;
}

/**
 * Every character is looked at once: a line of many megabytes, as a file in base64 is, comes in hundreds of parts, and to
 * look at what came before with each of them took half a minute of a worker's time.
 */
export function createLineSplitter(): LineSplitter {
  let open: string[] = [];
  let openChars = 0;
  /** A return at the end of a part may be half of a line end. */
  let heldReturn = "";
  return {
    push(part) {
      const text = heldReturn + part;
      heldReturn = text.endsWith("\r") ? "\r" : "";
      const [first = "", ...others] = text.slice(0, text.length - heldReturn.length).split(/\r\n|\n|\r/);
      open.push(first);
      openChars += first.length;
      const last = others.pop();
      if (last === undefined) return [];
      const lines = [open.join(""), ...others];
      open = [last];
      openChars = last.length;
      return lines;
    },
    openChars: () => openChars,
  };
}

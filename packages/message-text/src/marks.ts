import type { Mark } from "./spans.ts";

/**
 * Keeps track of the marks around a run of text, so that no marker stands around nothing or across a line. Every method
 * returns the markers to write.
 */
export interface Marks {
  open(mark: Mark): void;
  close(mark: Mark): string;
  /** Closes what is open until the next `resume`. */
  suspend(): string;
  /** Opens what should be open, before something is written. */
  resume(): string;
}

export function createMarks(): Marks {
  const wanted: Mark[] = [];
  const written: Mark[] = [];

  function closeDownTo(depth: number): string {
    return written
      .splice(depth)
      .toReversed()
      .map((mark) => (mark === "bold" ? "**" : "</font>"))
      .join("");
  }

  return {
    open(mark) {
      // Italics are not rendered, and a mark inside itself changes nothing.
      if (mark !== "italic") wanted.push(mark);
    },
    close(mark) {
      const at = wanted.lastIndexOf(mark);
      if (at === -1) return "";
      wanted.splice(at, 1);
      // What was opened later is opened again by the next `resume`.
      return wanted.includes(mark) || !written.includes(mark) ? "" : closeDownTo(written.indexOf(mark));
    },
    suspend: () => closeDownTo(0),
    resume() {
      const missing = [...new Set(wanted)].filter((mark) => !written.includes(mark));
      written.push(...missing);
      return missing.map((mark) => (mark === "bold" ? "**" : `<font color="${mark}">`)).join("");
    },
  };
}

import type { MaskText } from "./mask-text.ts";
import { createMaskText } from "./mask-text.ts";

/** Fixed, or asked for with every line, for secrets that change while the process runs. */
export type Secrets = readonly string[] | (() => readonly string[]);

/** The index of the secrets is built anew only when the list is another one. */
export function createLiveMask(secrets: Secrets): MaskText {
  if (typeof secrets !== "function") return createMaskText(secrets);
  let known = secrets();
  let mask = createMaskText(known);
  return (text) => {
    const current = secrets();
    if (current !== known) {
      known = current;
      mask = createMaskText(current);
    }
    return mask(text);
  };
}

export type { Language, Texts } from "./catalog.ts";
export { createTexts } from "./catalog.ts";
export { loadTexts } from "./load-texts.ts";

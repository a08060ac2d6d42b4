import { randomInt } from "node:crypto";

/** Without characters that are mistaken for each other when read aloud or retyped. */
const ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const LENGTH = 8;
const GROUP = 4;

export function newPairingCode(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
}

/** As people see it: K7QM-3XPA. */
export function showPairingCode(code: string): string {
  return `${code.slice(0, GROUP)}-${code.slice(GROUP)}`;
}

/** As people type it: any case, full-width too, with or without dashes and blanks. Undefined for anything else. */
export function readPairingCode(typed: string): string | undefined {
  const code = typed
    .slice(0, 64)
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, "");
  const isCode = code.length === LENGTH && [...code].every((character) => ALPHABET.includes(character));
  return isCode ? code : undefined;
}

/** Replaces everything that must not be seen in one line of text. */
export type MaskText = (text: string) => string;

const MASK = "[hidden]";
const START_LENGTH = 4;
/** A small table answers "no secret starts like this" for nearly every character of a line. */
const SLOTS = 2 ** 16;
const SLOT_SHIFT = 16;
/** Shorter ones would hit ordinary words; they are kept out of the log by field name alone. */
const SHORTEST_SECRET = 6;

const QUERY_SECRETS = /\b(access_token|corpsecret|suite_access_token|msg_signature)=[^&\s"'\\]+/g;
const URL_PASSWORD = /(:\/\/[^\s:@/"]*):[^\s@/"]+@/g;

/**
 * Masks the given secrets wherever they stand, in plain, JSON or percent-encoded form, and tokens and passwords
 * in URLs. The first characters of all secrets form one index, so that a line costs one pass over its
 * characters, however many apps there are.
 */
export function createMaskText(secrets: readonly string[]): MaskText {
  const index = indexByStart(secrets);
  return (text) => {
    const masked = index.byStart.size === 0 ? text : maskKnown(text, index);
    return maskUrls(masked);
  };
}

function maskUrls(text: string): string {
  if (!text.includes("=") && !text.includes("://")) return text;
  return text.replace(QUERY_SECRETS, `$1=${MASK}`).replace(URL_PASSWORD, `$1:${MASK}@`);
}

interface StartIndex {
  readonly bySlot: Uint8Array;
  readonly byStart: ReadonlyMap<number, readonly string[]>;
}

function indexByStart(secrets: readonly string[]): StartIndex {
  const bySlot = new Uint8Array(SLOTS);
  const byStart = new Map<number, string[]>();
  for (const form of new Set(secrets.filter((secret) => secret.length >= SHORTEST_SECRET).flatMap(formsOf))) {
    const start = startOf(form);
    bySlot[slotOf(start)] = 1;
    const group = byStart.get(start) ?? [];
    group.push(form);
    byStart.set(start, group);
  }
  // The longest first: one secret may begin with another.
  for (const group of byStart.values()) group.sort((a, b) => b.length - a.length);
  return { bySlot, byStart };
}

function formsOf(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret.toWellFormed())];
}

/** The first characters as a number; `shift` moves it on by one character. */
function startOf(text: string): number {
  let start = 0;
  for (let at = 0; at < START_LENGTH; at += 1) start = shift(start, text.charCodeAt(at));
  return start;
}

function shift(start: number, character: number): number {
  return (start << 8) | (character & 0xff);
}

function slotOf(start: number): number {
  return Math.imul(start, 0x9e3779b1) >>> SLOT_SHIFT;
}

function maskKnown(text: string, { bySlot, byStart }: StartIndex): string {
  let masked = "";
  let copied = 0;
  let start = 0;
  for (let end = 0; end < text.length; end += 1) {
    start = shift(start, text.charCodeAt(end));
    const at = end - START_LENGTH + 1;
    if (bySlot[slotOf(start)] !== 1 || at < copied) continue;
    const secret = byStart.get(start)?.find((candidate) => text.startsWith(candidate, at));
    if (secret === undefined) continue;
    masked += text.slice(copied, at) + MASK;
    copied = at + secret.length;
  }
  return copied === 0 ? text : masked + text.slice(copied);
}

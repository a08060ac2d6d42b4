/** Replaces everything that must not be seen in one line of text. */
export type MaskText = (text: string) => string;

const MASK = "[hidden]";
const KEY_LENGTH = 4;
/** Shorter ones would hit ordinary words; they are kept out of the log by field name alone. */
const SHORTEST_SECRET = 6;

const QUERY_SECRETS = /\b(access_token|corpsecret|suite_access_token|msg_signature)=[^&\s"'\\]+/g;
const URL_PASSWORD = /(:\/\/[^\s:@/"]*):[^\s@/"]+@/g;

/**
 * Masks the given secrets wherever they stand, in plain, JSON or percent-encoded form, and tokens and passwords
 * in URLs. The first characters of all secrets form one index, so that a line costs one pass over its
 * characters however many apps there are.
 */
export function createMaskText(secrets: readonly string[]): MaskText {
  const byStart = indexByStart(secrets);
  return (text) => {
    const masked = byStart.size === 0 ? text : maskKnown(text, byStart);
    return maskUrls(masked);
  };
}

function maskUrls(text: string): string {
  if (!text.includes("=") && !text.includes("://")) return text;
  return text.replace(QUERY_SECRETS, `$1=${MASK}`).replace(URL_PASSWORD, `$1:${MASK}@`);
}

type StartIndex = ReadonlyMap<number, readonly string[]>;

function indexByStart(secrets: readonly string[]): StartIndex {
  const index = new Map<number, string[]>();
  for (const form of new Set(secrets.filter((secret) => secret.length >= SHORTEST_SECRET).flatMap(formsOf))) {
    const key = startKey(form, 0);
    const group = index.get(key) ?? [];
    group.push(form);
    index.set(key, group);
  }
  // The longest first: one secret may begin with another.
  for (const group of index.values()) group.sort((a, b) => b.length - a.length);
  return index;
}

function formsOf(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
}

function startKey(text: string, at: number): number {
  let key = 0;
  for (let offset = 0; offset < KEY_LENGTH; offset += 1) {
    key = (key << 8) | (text.charCodeAt(at + offset) & 0xff);
  }
  return key;
}

function maskKnown(text: string, byStart: StartIndex): string {
  let masked = "";
  let copied = 0;
  for (let at = 0; at + KEY_LENGTH <= text.length; at += 1) {
    const secret = byStart.get(startKey(text, at))?.find((candidate) => text.startsWith(candidate, at));
    if (secret === undefined) continue;
    masked += text.slice(copied, at) + MASK;
    copied = at + secret.length;
    at = copied - 1;
  }
  return copied === 0 ? text : masked + text.slice(copied);
}

/** Replaces everything that must not be seen in one line of text. */
export type MaskText = (text: string) => string;

const MASK = "[hidden]";
const WINDOW_LENGTH = 4;
/** Looking less often would need more windows of each secret in the table than it saves. */
const STEP_LIMIT = 8;
/** A small table answers "no secret has this in it" for nearly every window of a line. */
const SLOTS = 2 ** 16;
const SLOT_SHIFT = 16;
/** Shorter ones would hit ordinary words; they are kept out of the log by field name alone. */
const SHORTEST_SECRET = 6;

const QUERY_SECRETS = /\b(access_token|corpsecret|suite_access_token|msg_signature)=[^&\s"'\\]+/g;
const URL_PASSWORD = /(:\/\/[^\s:@/"]*):[^\s@/"]+@/g;

/**
 * Masks the given secrets wherever they stand, in plain, JSON or percent-encoded form, and tokens and passwords
 * in URLs. One index has the first windows of all secrets, so many of each that one of them cannot be stepped over:
 * a line costs a look at every few of its characters, however many apps there are.
 */
export function createMaskText(secrets: readonly string[]): MaskText {
  const index = indexByWindow(secrets);
  return (text) => {
    const masked = index.byWindow.size === 0 ? text : maskKnown(text, index);
    return maskUrls(masked);
  };
}

function maskUrls(text: string): string {
  if (!text.includes("=") && !text.includes("://")) return text;
  return text.replace(QUERY_SECRETS, `$1=${MASK}`).replace(URL_PASSWORD, `$1:${MASK}@`);
}

interface WindowIndex {
  /** At most as wide as a secret is long, less what a window takes: each secret has a window at one of the steps. */
  readonly step: number;
  readonly bySlot: Uint8Array;
  readonly byWindow: ReadonlyMap<number, readonly Candidate[]>;
}

interface Candidate {
  readonly form: string;
  /** Where in it the window is. */
  readonly offset: number;
}

function indexByWindow(secrets: readonly string[]): WindowIndex {
  const forms = new Set(secrets.filter((secret) => secret.length >= SHORTEST_SECRET).flatMap(formsOf));
  const shortest = Math.min(...[...forms].map((form) => form.length));
  const step = Math.min(STEP_LIMIT, shortest - WINDOW_LENGTH + 1);
  const bySlot = new Uint8Array(SLOTS);
  const byWindow = new Map<number, Candidate[]>();
  for (const form of forms) {
    for (let offset = 0; offset < step; offset += 1) {
      const window = windowAt(form, offset);
      bySlot[slotOf(window)] = 1;
      const group = byWindow.get(window) ?? [];
      group.push({ form, offset });
      byWindow.set(window, group);
    }
  }
  // What begins first, then the longest: one secret may begin with another.
  for (const group of byWindow.values())
    group.sort((a, b) => b.offset - a.offset || b.form.length - a.form.length);
  return { step, bySlot, byWindow };
}

function formsOf(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret.toWellFormed())];
}

/** A few characters as a number. */
function windowAt(text: string, at: number): number {
  let window = 0;
  for (let end = at; end < at + WINDOW_LENGTH; end += 1)
    window = (window << 8) | (text.charCodeAt(end) & 0xff);
  return window;
}

function slotOf(window: number): number {
  return Math.imul(window, 0x9e3779b1) >>> SLOT_SHIFT;
}

function maskKnown(text: string, { step, bySlot, byWindow }: WindowIndex): string {
  let masked = "";
  let copied = 0;
  for (let at = 0; at + WINDOW_LENGTH <= text.length; at += step) {
    const window = windowAt(text, at);
    if (bySlot[slotOf(window)] !== 1) continue;
    const secret = byWindow
      .get(window)
      ?.find(({ form, offset }) => at - offset >= copied && text.startsWith(form, at - offset));
    if (secret === undefined) continue;
    const start = at - secret.offset;
    masked += text.slice(copied, start) + MASK;
    copied = start + secret.form.length;
  }
  return copied === 0 ? text : masked + text.slice(copied);
}

import { z } from "zod";
import { parseRedisUrl } from "../redis/parse-redis-url.ts";

/*
 * One schema per kind of setting, shared by the environment and the file. All input is text: YAML is read
 * without types, so that ids keep their leading zeros. The message of each says what is needed and how to
 * mend it; what was found is put before it.
 */

/** Text up to a length, without control characters. */
export function text(limitLength: number, mend: string) {
  return z
    .string({ error: mend })
    .refine((value) => value.length <= limitLength && !/\p{Cc}/u.test(value), mend);
}

export function matching(pattern: RegExp, mend: string) {
  return z.string({ error: mend }).regex(pattern, mend);
}

export function wholeNumber(lowest: number, highest: number, what: string) {
  const mend = `Needs a whole number from ${lowest} to ${highest}: ${what}.`;
  return z
    .string({ error: mend })
    .refine((value) => /^\d{1,9}$/.test(value) && Number(value) >= lowest && Number(value) <= highest, mend)
    .transform(Number);
}

/** Starts with ww (older corps: wx); anything else safe in a key only earns a warning. WeCom doc 90665. */
export const corpId = matching(
  /^[A-Za-z0-9_-]{2,64}$/,
  "Needs the corp id: ww and 16 letters and digits, on the page “My company” (我的企业) of the admin console.",
);

export const agentId = matching(
  /^(0|[1-9]\d{0,18})$/,
  "Needs the AgentId of the app: digits only, without leading zeros, at the top of the app's page.",
);

export const corpSecret = matching(
  /^[\x21-\x7e]{8,256}$/,
  "Needs the Secret of this app (not of another one): copy it again from the app's page, without blanks or quotation marks.",
);

/** WeCom doc 90930: letters and digits, at most 32 characters. */
export const callbackToken = matching(
  /^[A-Za-z0-9]{1,32}$/,
  "Needs the Token of the app's “Receive messages” (接收消息) page: letters and digits, at most 32.",
);

/** WeCom doc 90930: 43 letters and digits, the base64 of 32 bytes without its last character. */
export const encodingAesKey = matching(
  /^[A-Za-z0-9]{43}$/,
  "Needs exactly 43 letters and digits: copy the EncodingAESKey of the app's “Receive messages” (接收消息) page again.",
);

export const appName = matching(
  /^[^\p{Cc}\s](?:[^\p{Cc}]{0,62}[^\p{Cc}\s])?$/u,
  "Needs a name of 1 to 64 characters.",
);

export const workerName = matching(
  /^[A-Za-z0-9._-]{1,128}$/,
  "Needs a name of letters, digits and . _ - that no other worker has and that this one keeps.",
);

export const host = matching(
  /^[A-Za-z0-9.:_%-]{1,253}$/,
  "Needs an address or host name to listen on, like 127.0.0.1.",
);

export const port = wholeNumber(1, 65_535, "the TCP port to listen on");

const OWN_PATHS = ["/", "/health", "/ready", "/metrics"];

export const callbackPath = z
  .string()
  .refine(
    (value) => /^(?:\/[A-Za-z0-9._~-]{1,100}){1,10}$/.test(value) && !OWN_PATHS.includes(value),
    `Needs a path like /wecom/callback: letters, digits and . _ ~ - between slashes, none at the end, and not ${OWN_PATHS.join(", ")}.`,
  );

export function isUrl(value: string, protocols: readonly string[]): boolean {
  if (value.length > 2048 || !URL.canParse(value)) return false;
  const url = new URL(value);
  return protocols.includes(url.protocol) && url.hostname !== "";
}

export const apiBaseUrl = z
  .string()
  .refine(
    (value) => isUrl(value, ["http:", "https:"]) && !/[?#@]/.test(value),
    "Needs the root of the WeCom API like https://qyapi.weixin.qq.com, without user, query or fragment.",
  )
  .transform((value) => value.replace(/\/+$/, ""));

export const httpProxy = z
  .string()
  .refine(
    (value) => isUrl(value, ["http:", "https:"]),
    "Needs the proxy's URL like http://proxy.example.com:3128 (special characters of a password percent-encoded).",
  );

export const redisUrl = z
  .string()
  .refine(
    (value) => parseRedisUrl(value) !== undefined,
    "Needs a URL like redis://127.0.0.1:6379, redis-sentinel://host:26379,host:26379/mymaster or redis-cluster://host:6379,host:6379; rediss… for TLS, user:password@ before the hosts (special characters percent-encoded).",
  );

/** The hash tag keeps all keys of a script in one Redis Cluster slot. */
export const redisPrefix = matching(
  /^[A-Za-z0-9_.-]{0,40}\{[A-Za-z0-9_.-]{1,40}\}[A-Za-z0-9_.-]{0,40}$/,
  "Needs a prefix with a hash tag in braces like {wgw}: letters, digits and _ . -.",
);

export const flag = z.stringbool({
  truthy: ["true", "1", "yes", "on"],
  falsy: ["false", "0", "no", "off"],
  error: "Needs true or false.",
});

const LIST_LIMIT = 10_000;

export function list(itemPattern: RegExp, mend: string) {
  return z
    .union([z.string(), z.array(z.string())], { error: mend })
    .transform((value) => (typeof value === "string" ? value.split(",") : value))
    .transform((items) => [...new Set(items.map((item) => item.trim()).filter((item) => item !== ""))])
    .refine((items) => items.length <= LIST_LIMIT && items.every((item) => itemPattern.test(item)), mend);
}

/** UserID: 1 to 64 bytes, without colons and stars (WeCom doc 90195). */
const USER = "[^\\s\\p{Cc}:*]{1,64}";
const CORP_SCOPE = "(?:[A-Za-z0-9_-]{2,64}:)?";

export const userList = list(
  new RegExp(`^${CORP_SCOPE}(?:${USER}|\\*)$`, "u"),
  `Needs WeCom user ids (UserID, 账号) separated by commas, corp:user for a user of one corp only, or "*" for everybody; at most ${LIST_LIMIT}.`,
);

export const adminList = list(
  new RegExp(`^${CORP_SCOPE}${USER}$`, "u"),
  `Needs WeCom user ids (UserID, 账号) separated by commas, or corp:user for a user of one corp only, at most ${LIST_LIMIT}. Administrators are named one by one: no "*".`,
);

export const envNameList = list(
  /^[A-Za-z_][A-Za-z0-9_]{0,127}$/,
  "Needs names of environment variables separated by commas, without values.",
);

export const busyMode = z.enum(["queue", "steer", "interrupt"], {
  error: "Needs one of: queue, steer, interrupt.",
});

export const replyFormat = z.enum(["text", "markdown", "auto"], {
  error: "Needs one of: text, markdown, auto.",
});
export const unknownOutcome = z.enum(["dead-letter", "resend-marked"], {
  error: "Needs one of: dead-letter, resend-marked.",
});
export const lateReplies = z.enum(["dead-letter", "send-marked"], {
  error: "Needs one of: dead-letter, send-marked.",
});
export const accounts = wholeNumber(1, 10_000_000, "accounts of the corp, which WeCom's daily limit goes by");

export const language = z.enum(["zh-CN", "en"], { error: "Needs one of: zh-CN, en." });

/** WeCom keeps 2048 bytes of a message; Chinese takes three for a character. */
const MESSAGE_MEND = "Needs a text of at most 600 characters.";
export const messageText = z
  .string({ error: MESSAGE_MEND })
  .refine((value) => value.trim() !== "" && value.length <= 600, MESSAGE_MEND);

const MENU_MEND = "Needs pairs of a menu item's key (at most 128 bytes) and a command like /new or a text.";
export const menu = z
  .record(z.string(), z.string(), { error: MENU_MEND })
  .refine(
    (items) =>
      Object.entries(items).every(([key, value]) => Buffer.byteLength(key) <= 128 && value.length <= 2000),
    MENU_MEND,
  );

const SECONDS_LIST_MEND =
  "Needs up to 20 growing numbers of seconds separated by commas, like 15,60,180; 0 for none.";
/** Growing whole seconds; "0" is an empty list. */
export const secondsList = z
  .string({ error: SECONDS_LIST_MEND })
  .refine((value) => /^\d{1,6}(?:\s*,\s*\d{1,6}){0,19}$/.test(value), SECONDS_LIST_MEND)
  .transform((value) => (value === "0" ? [] : value.split(",").map(Number)))
  .refine((list) => list.every((seconds, index) => seconds > (list[index - 1] ?? 0)), SECONDS_LIST_MEND);

export const logLevel = z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"], {
  error: "Needs one of: trace, debug, info, warn, error, fatal, silent.",
});

export const consoleUser = matching(
  /^[^\s:\p{Cc}]{1,64}$/u,
  "Needs a login name of 1 to 64 characters without blanks and colons.",
);

export const consolePassword = matching(/^[^\p{Cc}]{8,256}$/u, "Needs 8 to 256 characters.");

export const apiToken = matching(
  /^[\x21-\x7e]{24,256}$/,
  "Needs 24 to 256 characters without blanks, hard to guess: openssl rand -base64 32 makes one.",
);

export const collectorUrl = z
  .string()
  .refine(
    (value) => isUrl(value, ["http:", "https:"]) && !/[?#@]/.test(value),
    "Needs the URL of an OTLP collector over HTTP like http://collector:4318, without user, query or fragment.",
  );

const HEADERS_MEND = "Needs pairs like authorization=Bearer%20key,x-tenant=1, values percent-encoded.";
/** As OpenTelemetry writes them. */
export const collectorHeaders = z
  .string({ error: HEADERS_MEND })
  .refine(
    (value) => /^\s*[\w.-]+\s*=[^,=]*(,\s*[\w.-]+\s*=[^,]*)*$/.test(value) && isDecodable(value),
    HEADERS_MEND,
  )
  .transform((value) =>
    Object.fromEntries(
      value.split(",").map((pair) => {
        const at = pair.indexOf("=");
        return [pair.slice(0, at).trim().toLowerCase(), decodeURIComponent(pair.slice(at + 1).trim())];
      }),
    ),
  );

function isDecodable(value: string): boolean {
  try {
    return !/\p{Cc}/u.test(decodeURIComponent(value));
  } catch {
    return false;
  }
}

export const filePath = text(4096, "Needs the path of a file.");

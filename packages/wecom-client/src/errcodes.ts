import type { ErrcodeRow } from "./errcode-row.ts";
import { ACCOUNT_ERRCODES } from "./errcodes-account.ts";
import { CONTENT_ERRCODES } from "./errcodes-content.ts";

/** WeCom's error table (doc 90313), as far as a self-built app's calls can meet it. One row per code. */
export const ERRCODES: ReadonlyMap<number, ErrcodeRow> = new Map(
  [...ACCOUNT_ERRCODES, ...CONTENT_ERRCODES].flatMap(({ rows, ...shared }) =>
    rows.map(([errcode, cause]) => [errcode, { ...shared, cause }] as const),
  ),
);

const UNKNOWN: ErrcodeRow = {
  kind: "content",
  cause: "WeCom refused the request with a code this version does not know",
  remedy: "Look the code up in WeCom's error table (document 90313); sending the same again will not help.",
  by: "operator",
};

/** The codes that say the access token is not (or no longer) good: refresh it and send again, once. */
const TOKEN_ERRCODES: ReadonlySet<number> = new Set([40001, 40014, 42001]);

const STALE_TOKEN: ErrcodeRow = {
  kind: "token",
  cause: "the access token is no longer valid",
  remedy:
    "A fresh token is fetched by itself. If this repeats, check the app's secret, and look for another program that uses it.",
  by: "gateway",
};

/**
 * What an errcode means. 40001 speaks of the secret in the answer to gettoken, but of the token in the
 * answer to any other call. A code that is not in the table counts as permanent: blind retries cost quota.
 */
export function describeErrcode(errcode: number, api: string): ErrcodeRow {
  if (errcode === 40001 && api !== "gettoken") return STALE_TOKEN;
  return ERRCODES.get(errcode) ?? UNKNOWN;
}

export function isTokenErrcode(errcode: number | undefined): boolean {
  return errcode !== undefined && TOKEN_ERRCODES.has(errcode);
}

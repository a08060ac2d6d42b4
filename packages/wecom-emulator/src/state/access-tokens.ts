import { randomBytes } from "node:crypto";
import { BoundedMap } from "./bounded-map.ts";

interface Token {
  readonly value: string;
  readonly appName: string;
  readonly ttlMs: number;
  expiresAtMs: number;
  revoked: boolean;
}

export type TokenVerdict =
  | { status: "ok"; appName: string }
  | { status: "invalid" }
  | { status: "expired"; appName: string };

/** Access tokens: one per corp and secret, the same one for as long as it lives (doc 91039). */
export interface AccessTokens {
  issue(appName: string): { value: string; expiresInSeconds: number };
  check(value: string): TokenVerdict;
  /** Kills tokens early, as WeCom may: calls answer 40014 from now on. Returns how many were alive. */
  revoke(appName?: string): number;
  /** Lets tokens reach the end of their life at once: calls answer 42001 from now on. */
  expire(appName?: string): number;
  clear(): void;
}

export interface AccessTokenOptions {
  readonly nowMs: () => number;
  readonly ttlMs: number;
  readonly maxTokens: number;
}

export function createAccessTokens({ nowMs, ttlMs, maxTokens }: AccessTokenOptions): AccessTokens {
  const byValue = new BoundedMap<string, Token>(maxTokens);
  const currentByApp = new Map<string, Token>();

  const isAlive = (token: Token) => !token.revoked && nowMs() < token.expiresAtMs;

  function endAlive(appName: string | undefined, end: (token: Token) => void): number {
    const alive = [...byValue.values()].filter(
      (token) => isAlive(token) && (appName === undefined || token.appName === appName),
    );
    for (const token of alive) end(token);
    return alive.length;
  }

  return {
    issue(appName) {
      const current = currentByApp.get(appName);
      // A token in its last second is of no use to anybody, and expires_in 0 would be a lie.
      if (current !== undefined && isAlive(current) && current.expiresAtMs - nowMs() >= 1000) {
        return { value: current.value, expiresInSeconds: Math.floor((current.expiresAtMs - nowMs()) / 1000) };
      }
      const value = randomBytes(160).toString("base64url");
      const token = { value, appName, ttlMs, expiresAtMs: nowMs() + ttlMs, revoked: false };
      byValue.set(value, token);
      currentByApp.set(appName, token);
      return { value, expiresInSeconds: Math.floor(ttlMs / 1000) };
    },
    check(value) {
      const token = byValue.get(value);
      if (token === undefined || token.revoked) return { status: "invalid" };
      return { status: isAlive(token) ? "ok" : "expired", appName: token.appName };
    },
    revoke: (appName) =>
      endAlive(appName, (token) => {
        token.revoked = true;
      }),
    expire: (appName) =>
      endAlive(appName, (token) => {
        token.expiresAtMs = nowMs();
      }),
    clear() {
      byValue.clear();
      currentByApp.clear();
    },
  };
}

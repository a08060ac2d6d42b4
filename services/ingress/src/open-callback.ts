import { CallbackError, isSignatureValid, openSigned } from "@gateway/wecom-client/callback";
import type { IngressApp } from "./app-directory.ts";
import type { Rejection } from "./outcome.ts";
import { rejected } from "./outcome.ts";
import type { SignedQuery } from "./signed-query.ts";

export interface SealedCallback extends SignedQuery {
  readonly encrypted: string;
}

export interface Opening {
  readonly app: IngressApp;
  readonly plaintext: Buffer;
}

/** Signature only: what a request has to pass before anything else of it is looked at. */
export function isSignedFor(app: IngressApp, sealed: SealedCallback): boolean {
  const { msgSignature: signature, timestamp, nonce, encrypted } = sealed;
  return app.keySets.some(({ token }) => isSignatureValid({ token, timestamp, nonce, encrypted, signature }));
}

/**
 * Opens a callback with the keys of every app that may have been meant. Several succeed only where apps of
 * one corp share their keys. The signature comes first and alone: looking through hundreds of apps for the
 * sender of a forgery costs some microseconds each, and it never reaches the cipher.
 */
export function openCallback(
  candidates: readonly IngressApp[],
  sealed: SealedCallback,
): readonly Opening[] | Rejection {
  const openings: Opening[] = [];
  let refusal: Rejection | undefined;
  for (const app of candidates) {
    try {
      const opened = openSigned(app.keySets, sealed, app.corpId);
      if (opened !== undefined) openings.push({ app, plaintext: opened.plaintext });
    } catch (error) {
      if (!(error instanceof CallbackError)) throw error;
      refusal = rejectionFor(error.code, app.name);
    }
  }
  if (openings.length > 0) return openings;
  return refusal ?? rejectionFor("signature_invalid");
}

/** Not ours is 403; ours but unreadable is 400. */
export function rejectionFor(code: CallbackError["code"], app?: string): Rejection {
  const facts = app === undefined ? {} : { app };
  const isForeign = code === "signature_invalid" || code === "receive_id_mismatch";
  return rejected(isForeign ? 403 : 400, code, `Refused: ${code}.`, facts);
}

export function searchRefused(): Rejection {
  return rejected(
    429,
    "search_budget",
    "Too many requests that do not name their app; try again in a second.",
  );
}

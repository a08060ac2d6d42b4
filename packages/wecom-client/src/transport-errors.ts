import type { Progress } from "./connection.ts";
import type { WecomErrorContext } from "./errors.ts";
import { WecomError } from "./errors.ts";

/** What a failed exchange is known by. Hosts only: no path, no query, no user or password. */
export interface Exchange {
  readonly context: WecomErrorContext;
  readonly progress: Progress;
  readonly host: string;
  readonly proxyHost: string | undefined;
  readonly timeoutMs: number;
  /** Whether doing it twice is harmless, when nobody knows whether it was done once. */
  readonly repeatable: boolean;
}

const OUTCOME_UNKNOWN = "WeCom may or may not have carried out the request.";

/** No whole answer, for the reason `errno` (an upper case error name, all that is kept of the original). */
export function connectionError(exchange: Exchange, errno: string, timedOut: boolean): WecomError {
  const { context, progress, host, proxyHost, timeoutMs } = exchange;
  if (progress.proxyStatus !== undefined) {
    return new WecomError({
      ...context,
      code: "proxy_refused",
      kind: "not_sent",
      summary: `the proxy ${proxyHost} answered ${progress.proxyStatus} instead of opening a tunnel`,
      hint:
        progress.proxyStatus === 407
          ? "Check the user and the password in the proxy URL."
          : `Check that the proxy may connect to ${host}.`,
    });
  }
  if (progress.stage === "connecting") {
    const route = proxyHost === undefined ? host : `${host} through the proxy ${proxyHost}`;
    return new WecomError({
      ...context,
      code: timedOut ? "connect_timeout" : "connect_failed",
      kind: "not_sent",
      summary: timedOut
        ? `no connection to ${route} within ${timeoutMs} ms`
        : `no connection to ${route} (${errno})`,
      hint: /CERT|SIGNED|ALTNAME/.test(errno)
        ? "Nothing was sent. Its certificate is not trusted: check the base URL, or add the CA with NODE_EXTRA_CA_CERTS."
        : "Nothing was sent. Check the network, the name service, the base URL and the proxy.",
    });
  }
  return unknownOutcome(exchange, {
    code: timedOut ? "answer_timeout" : "connection_lost",
    summary: timedOut ? `no answer within ${timeoutMs} ms` : `the connection was lost (${errno})`,
  });
}

/** The request was sent and no usable answer came back. */
export function unknownOutcome(
  exchange: Exchange,
  input: { readonly code: string; readonly summary: string },
): WecomError {
  return new WecomError({
    ...exchange.context,
    ...input,
    kind: "unknown",
    hint: OUTCOME_UNKNOWN,
    retryable: exchange.repeatable,
  });
}

/** An HTTP status of which WeCom's own answers make no use: they come with 200 and an errcode. */
export function statusError(exchange: Exchange, status: number): WecomError {
  const { context, host } = exchange;
  if (status >= 500 || status < 300) {
    return unknownOutcome(exchange, { code: "http_status", summary: `${host} answered HTTP ${status}` });
  }
  if (status === 429) {
    return new WecomError({
      ...context,
      code: "http_status",
      kind: "rate",
      summary: `${host} answered HTTP 429`,
      hint: "Too many requests; wait.",
      retryAfterMs: 1000,
    });
  }
  return new WecomError({
    ...context,
    code: status < 400 ? "redirect_refused" : "http_status",
    kind: "configuration",
    summary:
      status < 400
        ? `${host} redirected (HTTP ${status}), which is not followed`
        : `${host} answered HTTP ${status}`,
    hint: "Check the API base URL: WeCom's is https://qyapi.weixin.qq.com, and a server in front of it has to pass /cgi-bin on.",
  });
}

/** The name of a system or TLS error, or a placeholder: messages of foreign errors can carry URLs. */
export function errnoOf(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : "no reason given";
}

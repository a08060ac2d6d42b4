import { WecomError } from "./errors.ts";

/** WeCom's own address (WeCom doc 91039). */
export const WECOM_BASE_URL = "https://qyapi.weixin.qq.com";

/**
 * The base of all calls, ending in "/cgi-bin/". Takes the address of WeCom, or of a server in front of it,
 * with or without a path and with or without that ending.
 */
export function parseBaseUrl(text: string, app: string): URL {
  const url = parse(text);
  if (
    url === undefined ||
    url.username !== "" ||
    url.password !== "" ||
    url.search !== "" ||
    url.hash !== ""
  ) {
    throw badAddress("base_url_invalid", app, "the API base URL is not a plain http:// or https:// address");
  }
  const path = url.pathname.replace(/\/+$/, "");
  url.pathname = path.endsWith("/cgi-bin") ? `${path}/` : `${path}/cgi-bin/`;
  return url;
}

/** `http://` or `https://`, with user and password if the proxy wants them. */
export function parseProxyUrl(text: string, app: string): URL {
  const url = parse(text);
  if (url === undefined || url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    throw badAddress("proxy_url_invalid", app, "the proxy URL is not like http://[user:password@]host:port");
  }
  return url;
}

function parse(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === "http:" || url?.protocol === "https:" ? url : undefined;
}

// The address itself stays out of the message: it may hold a password.
function badAddress(code: string, app: string, summary: string): WecomError {
  return new WecomError({
    api: "client",
    app,
    code,
    kind: "configuration",
    summary,
    hint: "Correct the configuration.",
  });
}

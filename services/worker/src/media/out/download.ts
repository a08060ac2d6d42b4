import { lookup } from "node:dns/promises";
import type { ClientRequest, IncomingMessage } from "node:http";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { LookupFunction } from "node:net";
import { isIP } from "node:net";
import { isPublicAddress } from "./public-address.ts";

const MAX_REDIRECTS = 3;
const MAX_URL_LENGTH = 2048;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export type DownloadRefusal =
  /** No http(s) URL, or one with a user in it. */
  | "url_invalid"
  /** It leads, perhaps by a redirect, to an address that is not on the public internet. */
  | "address_refused"
  | "redirects"
  | "status"
  | "encoding"
  | "not_a_picture"
  | "network";

/** Why a download did not take place. The URL is not in it: it may hold a token. */
export class DownloadError extends Error {
  override readonly name = "DownloadError";
  readonly code: DownloadRefusal;
  constructor(code: DownloadRefusal) {
    super(`download: ${code}`);
    this.code = code;
  }
}

export interface Downloaded {
  /** From the last URL's path; not safe as a file name yet. */
  readonly name: string;
  readonly contentType: string;
  /** Of any length: whoever reads it bounds it. Read or destroy it. */
  readonly stream: IncomingMessage;
}

export type Download = (url: string, signal: AbortSignal) => Promise<Downloaded>;

interface Deps {
  /** Every address of a host name. Default: the system's resolver. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  /** Default: the public internet. */
  readonly isAllowed?: (address: string) => boolean;
}

/**
 * Downloads from the public internet and from nowhere else. The address that is connected to is the one that was checked:
 * a name that resolves differently a moment later changes nothing. Every redirect is checked anew. No proxy, no cookies.
 */
export function createDownload(deps: Deps = {}): Download {
  const { resolve = resolveBySystem, isAllowed = isPublicAddress } = deps;
  return async (url, signal) => {
    let target = parseTarget(url);
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      const addresses = await checkedAddresses(target, resolve, isAllowed);
      const response = await get(target, addresses, signal);
      const { statusCode = 0, headers } = response;
      if (!REDIRECTS.has(statusCode)) return accept(target, response);
      response.destroy();
      target = parseTarget(headers.location ?? "", target);
    }
    throw new DownloadError("redirects");
  };
}

function parseTarget(url: string, base?: URL): URL {
  const target =
    url.length <= MAX_URL_LENGTH && URL.canParse(url, base?.href) ? new URL(url, base) : undefined;
  const isWeb = target?.protocol === "http:" || target?.protocol === "https:";
  if (target === undefined || !isWeb || target.username !== "" || target.password !== "")
    throw new DownloadError("url_invalid");
  return target;
}

/** All of a name's addresses have to be public: one that is not is no accident. */
async function checkedAddresses(
  { hostname }: URL,
  resolve: NonNullable<Deps["resolve"]>,
  isAllowed: (address: string) => boolean,
): Promise<readonly string[]> {
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const addresses =
    isIP(host) === 0
      ? await resolve(host).catch(() => {
          throw new DownloadError("network");
        })
      : [host];
  if (addresses.length === 0 || !addresses.every(isAllowed)) throw new DownloadError("address_refused");
  return addresses;
}

async function resolveBySystem(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

function get(url: URL, addresses: readonly string[], signal: AbortSignal): Promise<IncomingMessage> {
  const pinned: LookupFunction = (_host, options, done) => {
    const all = addresses.map((address) => ({ address, family: isIP(address) }));
    const [first] = all;
    if (options.all) done(null, all);
    else if (first === undefined) done(new Error("no address"), "", 0);
    else done(null, first.address, first.family);
  };
  return new Promise((done, fail) => {
    const send = url.protocol === "https:" ? requestHttps : requestHttp;
    const request: ClientRequest = send(url, {
      agent: false,
      lookup: pinned,
      signal,
      headers: {
        accept: "image/*,*/*;q=0.5",
        "accept-encoding": "identity",
        "user-agent": "wecom-agent-gateway",
      },
    });
    // An error after the answer has begun is told by the answer's own stream.
    request.on("response", done).on("error", () => fail(new DownloadError("network")));
    request.end();
  });
}

function accept(url: URL, response: IncomingMessage): Downloaded {
  const { statusCode, headers } = response;
  const encoding = headers["content-encoding"] ?? "identity";
  const code = statusCode !== 200 ? "status" : encoding !== "identity" ? "encoding" : undefined;
  if (code !== undefined) {
    response.destroy();
    throw new DownloadError(code);
  }
  const name = url.pathname.split("/").at(-1) ?? "";
  return { name: decode(name), contentType: headers["content-type"] ?? "", stream: response };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

import { randomBytes, randomInt } from "node:crypto";
import type { AppConfig } from "@gateway/service-kit";
import { computeSignature, decodeAesKey, encrypt } from "@gateway/wecom-client/callback";
import type { FetchedPage } from "./fetch-page.ts";
import { fetchPage } from "./fetch-page.ts";
import type { Finding } from "./finding.ts";

/** WeCom waits this long for the answer to a message, and this long while the address is saved (WeCom doc 90930). */
const WECOM_WAITS_MS = 5000;
const SAVING_WAITS_MS = 1000;

/** Asks the app's callback address as WeCom does when an administrator saves it: with a signed, encrypted echostr. */
export async function checkCallback(app: AppConfig, address: string): Promise<Finding> {
  const about = { check: "callback", app: app.name } as const;
  const first = await ask(app, address);
  // The first of them may have warmed something up, and an administrator can save twice.
  const asked = isRight(first) && first.page.tookMs >= SAVING_WAITS_MS ? await ask(app, address) : first;
  if (!isRight(asked)) return { ...about, status: "problem", ...explain(asked.page, asked.echo, address) };
  if (asked.page.tookMs >= SAVING_WAITS_MS)
    return { ...about, status: "problem", ...tooSlow(asked.page.tookMs, address) };
  return { ...about, status: "ok", says: `${address} answers as WeCom expects.` };
}

interface Asked<Page extends FetchedPage = FetchedPage> {
  readonly echo: string;
  readonly page: Page;
}

async function ask(app: AppConfig, address: string): Promise<Asked> {
  const echo = randomBytes(8).toString("hex");
  const url = new URL(address);
  for (const [key, value] of Object.entries(signedQuery(app, echo))) url.searchParams.set(key, value);
  return { echo, page: await fetchPage(url, WECOM_WAITS_MS) };
}

function isRight(asked: Asked): asked is Asked<Extract<FetchedPage, { status: "answered" }>> {
  const { page, echo } = asked;
  return page.status === "answered" && page.code === 200 && page.body === echo;
}

function tooSlow(tookMs: number, address: string): Explanation {
  return {
    says: `${address} answers rightly, but after ${(tookMs / 1000).toFixed(1)} s.`,
    fix: "WeCom wants the answer within a second while the address is saved. Look for what is slow in between: a proxy, a name service, a line to far away; or an ingress without enough CPU.",
  };
}

function signedQuery({ corpId, keys: [{ token, encodingAesKey }] }: AppConfig, echo: string) {
  const encrypted = encrypt(decodeAesKey(encodingAesKey), {
    plaintext: echo,
    receiveId: corpId,
    random16: randomBytes(16),
  });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const nonce = String(randomInt(1e9));
  const msg_signature = computeSignature({ token, timestamp, nonce, encrypted });
  return { msg_signature, timestamp, nonce, echostr: encrypted };
}

interface Explanation {
  readonly says: string;
  readonly fix: string;
}

/** The usual ways in which a callback address goes wrong. */
function explain(page: FetchedPage, echo: string, address: string): Explanation {
  if (page.status === "failed") return { says: `${address} ${page.says}.`, fix: page.fix };
  const { code, body, location } = page;
  if (code >= 300 && code < 400)
    return {
      says: `${address} answers with a redirect (${code})${location === undefined ? "" : ` to ${location}`}.`,
      fix: "WeCom follows no redirects. Give it the final address, with https and the exact path.",
    };
  if (code === 404)
    return {
      says: `${address} answers 404.`,
      fix: "The path differs from WECOM_CALLBACK_PATH (default /wecom/callback), or the proxy in front changes or does not pass it.",
    };
  if (code === 401 || code === 403)
    return {
      says: `${address} answers ${code}.`,
      fix: "Either something in front asks for a login or blocks the request, or the running ingress has another Token, EncodingAESKey or corp id for this app than this configuration, or its clock is wrong.",
    };
  if (code === 502 || code === 503 || code === 504)
    return {
      says: `${address} answers ${code}.`,
      fix: "The proxy in front does not reach an ingress. Check that one runs and that the proxy has its address and port.",
    };
  if (/^\s*<(?:!doctype|html)/i.test(body))
    return {
      says: `${address} answers with an HTML page (${code}).`,
      fix: "Another site answers there: a login page, a firewall's notice or a default page. Let this path through to the ingress unchanged.",
    };
  if (code === 200 && body.replace(/^\uFEFF/, "").replaceAll(/["\s]/g, "") === echo)
    return {
      says: `${address} answers with the right text, and something around it (a line end, quotation marks or a byte order mark).`,
      fix: "WeCom compares byte by byte. Find what in between rewrites the answer, and switch that off.",
    };
  return {
    says: `${address} answers ${code} with another text than WeCom expects.`,
    fix: "Something else than the ingress answers there, or an ingress of another configuration.",
  };
}

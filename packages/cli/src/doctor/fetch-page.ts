import { z } from "zod";

export type FetchedPage =
  | {
      readonly status: "answered";
      readonly code: number;
      readonly body: string;
      readonly location?: string;
      /** From the beginning to the end of the answer. */
      readonly tookMs: number;
    }
  | { readonly status: "failed"; readonly says: string; readonly fix: string };

const BODY_LIMIT_BYTES = 64 * 1024;

/** Gets a page as WeCom would: no redirects, no patience. Never rejects. */
export async function fetchPage(url: URL, limitMs: number): Promise<FetchedPage> {
  const startMs = performance.now();
  try {
    const signal = AbortSignal.timeout(limitMs);
    const response = await fetch(url, { redirect: "manual", signal });
    const location = hostOf(response.headers.get("location"), url.href);
    return {
      status: "answered",
      code: response.status,
      body: await readStart(response),
      tookMs: performance.now() - startMs,
      ...(location === undefined ? {} : { location }),
    };
  } catch (error) {
    return { status: "failed", ...explain(codeOf(error), limitMs) };
  }
}

async function readStart(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    parts.push(part);
    bytes += part.length;
    if (bytes > BODY_LIMIT_BYTES) break;
  }
  return Buffer.concat(parts).toString("utf8");
}

/** Without its query, which may hold what is not ours to print. */
function hostOf(location: string | null, base: string): string | undefined {
  if (location === null || !URL.canParse(location, base)) return undefined;
  const { origin, pathname } = new URL(location, base);
  return `${origin}${pathname}`;
}

const coded = z.object({ code: z.string() });
const failure = z.union([
  z.object({ cause: coded }).transform(({ cause }) => cause.code),
  coded.transform(({ code }) => code),
  z.object({ name: z.string() }).transform(({ name }) => name),
]);

/** `fetch` hides the reason in the cause of its error. */
function codeOf(error: unknown): string {
  return failure.safeParse(error).data ?? "";
}

function explain(code: string, limitMs: number): { readonly says: string; readonly fix: string } {
  if (code === "TimeoutError" || code.includes("TIMEOUT"))
    return {
      says: `does not answer within ${limitMs / 1000} s, which is all that WeCom waits`,
      fix: "Check that the firewall lets the public internet in, and that the ingress and its Redis are up.",
    };
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return { says: "has a host name that cannot be resolved", fix: "Correct the name, or its DNS record." };
  if (code === "ECONNREFUSED")
    return {
      says: "refuses the connection",
      fix: "Nothing listens there: check host, port and that it is started.",
    };
  if (/CERT|SELF_SIGNED|SSL|TLS|UNABLE_TO/.test(code))
    return {
      says: `has a TLS certificate that is not accepted (${code})`,
      fix: "WeCom accepts only certificates of public authorities, complete with the intermediate ones, for exactly this host name, and not expired.",
    };
  return {
    says: `cannot be reached (${code || "unknown reason"})`,
    fix: "Check the address and the network in between.",
  };
}

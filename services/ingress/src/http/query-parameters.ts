import type { Rejection } from "../outcome.ts";
import { rejected } from "../outcome.ts";
import type { HandshakeQuery, SignedQuery } from "../signed-query.ts";

/** Longest accepted values, in characters. WeCom's are 40, 10, about 16 and about 90 long. */
const LIMITS = { msg_signature: 128, timestamp: 16, nonce: 128, echostr: 1024 } as const;
type Name = keyof typeof LIMITS;

export function readSignedQuery(search: string): SignedQuery | Rejection {
  const values = readValues(search, ["msg_signature", "timestamp", "nonce"]);
  return values.rejection ?? signedQuery(values.of);
}

export function readHandshakeQuery(search: string): HandshakeQuery | Rejection {
  const values = readValues(search, ["msg_signature", "timestamp", "nonce", "echostr"]);
  return values.rejection ?? { ...signedQuery(values.of), echostr: values.of("echostr") };
}

interface Values {
  readonly rejection: Rejection | undefined;
  of(name: Name): string;
}

function signedQuery(of: Values["of"]): SignedQuery {
  return { msgSignature: of("msg_signature"), timestamp: of("timestamp"), nonce: of("nonce") };
}

function readValues(search: string, names: readonly Name[]): Values {
  const pairs = decodePairs(search);
  const rejection =
    pairs === undefined
      ? rejected(400, "query_encoding", "The query is not valid percent-encoded UTF-8.")
      : names.map((name) => checkValue(name, pairs.get(name))).find((fault) => fault !== undefined);
  return { rejection, of: (name) => pairs?.get(name)?.[0] ?? "" };
}

function checkValue(name: Name, values: readonly string[] | undefined): Rejection | undefined {
  const [value, ...more] = values ?? [];
  if (value === undefined || value === "") {
    return rejected(400, "query_missing", `${name} is missing; WeCom adds it to every request.`);
  }
  if (more.length > 0) return rejected(400, "query_repeated", `${name} must be given once.`);
  if (value.length > LIMITS[name]) {
    return rejected(400, "query_too_long", `${name} is longer than ${LIMITS[name]} characters.`);
  }
  if (name === "timestamp" && !/^[0-9]+$/.test(value)) {
    return rejected(400, "query_timestamp", "timestamp must be epoch seconds, digits only.");
  }
  return undefined;
}

/** Not URLSearchParams: that turns `+`, which base64 is made of, into a space and hides broken encoding. */
function decodePairs(search: string): Map<string, string[]> | undefined {
  const pairs = new Map<string, string[]>();
  try {
    for (const part of search.split("&")) {
      const at = part.indexOf("=");
      if (at < 0) continue;
      const name = decoded(part.slice(0, at));
      if (!Object.hasOwn(LIMITS, name)) continue;
      const value = decoded(part.slice(at + 1));
      const known = pairs.get(name);
      if (known === undefined) pairs.set(name, [value]);
      else known.push(value);
    }
  } catch {
    return undefined;
  }
  return pairs;
}

function decoded(text: string): string {
  return text.includes("%") ? decodeURIComponent(text) : text;
}

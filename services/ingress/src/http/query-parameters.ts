import type { Rejection } from "../outcome.ts";
import { rejected } from "../outcome.ts";
import type { HandshakeQuery, SignedQuery } from "../signed-query.ts";

/** Longest accepted values, in characters. WeCom's are 40, 10, about 16 and about 90 long. */
const LIMITS = { msg_signature: 128, timestamp: 16, nonce: 128, echostr: 1024 } as const;
type Name = keyof typeof LIMITS;
const NAMES: readonly string[] = Object.keys(LIMITS);

export function readSignedQuery(search: string): SignedQuery | Rejection {
  const values = readValues(search, ["msg_signature", "timestamp", "nonce"]);
  return "kind" in values ? values : signedQuery(values);
}

export function readHandshakeQuery(search: string): HandshakeQuery | Rejection {
  const values = readValues(search, ["msg_signature", "timestamp", "nonce", "echostr"]);
  return "kind" in values ? values : { ...signedQuery(values), echostr: values.echostr ?? "" };
}

type Values = { [name in Name]?: string };

function signedQuery({ msg_signature = "", timestamp = "", nonce = "" }: Values): SignedQuery {
  return { msgSignature: msg_signature, timestamp, nonce };
}

function readValues(search: string, names: readonly Name[]): Values | Rejection {
  const pairs = decodePairs(search);
  if (pairs === undefined)
    return rejected(400, "query_encoding", "The query is not valid percent-encoded UTF-8.");
  for (const name of names) {
    const fault = checkValue(name, pairs);
    if (fault !== undefined) return fault;
  }
  return pairs.first;
}

function checkValue(name: Name, { first, repeated }: Pairs): Rejection | undefined {
  const value = first[name];
  if (value === undefined || value === "") {
    return rejected(400, "query_missing", `${name} is missing; WeCom adds it to every request.`);
  }
  if (repeated.includes(name)) return rejected(400, "query_repeated", `${name} must be given once.`);
  if (value.length > LIMITS[name]) {
    return rejected(400, "query_too_long", `${name} is longer than ${LIMITS[name]} characters.`);
  }
  if (name === "timestamp" && !/^[0-9]+$/.test(value)) {
    return rejected(400, "query_timestamp", "timestamp must be epoch seconds, digits only.");
  }
  return undefined;
}

interface Pairs {
  readonly first: Values;
  readonly repeated: readonly Name[];
}

/** Not URLSearchParams: that turns `+`, which base64 is made of, into a space and hides broken encoding. */
function decodePairs(search: string): Pairs | undefined {
  const first: Values = {};
  const repeated: Name[] = [];
  try {
    for (const part of search.split("&")) {
      const at = part.indexOf("=");
      if (at < 0) continue;
      const name = decoded(part.slice(0, at));
      if (!isName(name)) continue;
      const value = decoded(part.slice(at + 1));
      if (first[name] === undefined) first[name] = value;
      else repeated.push(name);
    }
  } catch {
    return undefined;
  }
  return { first, repeated };
}

function isName(name: string): name is Name {
  return NAMES.includes(name);
}

function decoded(text: string): string {
  return text.includes("%") ? decodeURIComponent(text) : text;
}

import { redactData, redactText } from "./redact.ts";

/** What is safe to repeat from an error's text: fixed phrases of BullMQ and Redis, and error codes. */
const KNOWN_PHRASES = [
  "job stalled more than allowable limit",
  "job started more than allowable limit",
  "Missing lock for job",
  "Lock mismatch for job",
  "could not renew lock for job",
  "Connection is closed.",
  "Command timed out",
  "Stream isn't writeable and enableOfflineQueue options is false",
  "OOM command not allowed",
];
const SYSTEM_CODE =
  /\b(?:ECONNREFUSED|ECONNRESET|ECONNABORTED|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOENT|EACCES|EMFILE|ENOSPC)\b/g;
const WECOM_CODE = /\berrcode[\s"=:]{1,3}(-?\d{1,7})\b/gi;

/** A stack frame inside the gateway, its dependencies or Node; from the project-relative path on. */
const OWN_FRAME =
  /^\s+at .{0,300}?((?:(?:packages|services)\/[\w-]+\/(?:src|dist)|node_modules)\/[\w@.+/-]{1,200}:\d+:\d+|node:[\w/]{1,100}:\d+:\d+)\)?$/;

/**
 * The reason of a failed job. Its text may quote a message or an agent's output, so only what is known to
 * come from code is kept: `"hello" failed: errcode=60020` becomes `errcode 60020 [redacted: 30 characters]`.
 */
export function redactFailure(reason: string): string {
  if (reason === "") return "";
  const known = [
    ...KNOWN_PHRASES.filter((phrase) => reason.includes(phrase)),
    ...(reason.match(SYSTEM_CODE) ?? []),
    ...[...reason.matchAll(WECOM_CODE)].map((match) => `errcode ${match[1]}`),
  ];
  return [...new Set(known), redactText(reason)].join(" ");
}

/** A stack trace reduced to where in the code it happened. */
export function redactStack(stack: string): string {
  const frames = stack
    .slice(0, 20_000)
    .split("\n")
    .map((line) => OWN_FRAME.exec(line)?.[1])
    .filter((place) => place !== undefined)
    .map((place) => `    at ${place}`);
  return [redactFailure(stack.split("\n", 1)[0] ?? ""), ...frames].join("\n");
}

/** A line of a job's log: one that is a JSON object is redacted field by field, any other as a whole. */
export function redactLogLine(line: string): string {
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry === "object" && entry !== null) return JSON.stringify(redactData(entry));
  } catch {
    // Not JSON: prose, which may quote anything.
  }
  return redactFailure(line);
}

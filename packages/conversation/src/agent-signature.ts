import { createHmac, timingSafeEqual } from "node:crypto";

/** How far the clocks of gateway and agent may differ. */
const SKEW_LIMIT_SECONDS = 300;

/** Names of the headers, in lower case. */
export const SIGNATURE_HEADER = "x-gateway-signature";
export const TIMESTAMP_HEADER = "x-gateway-timestamp";

/** `v1=` and the hexadecimal HMAC-SHA256 of "<timestamp>.<body>". The timestamp is in seconds. */
export function signAgentBody(secret: string, timestamp: string, body: string | Buffer): string {
  return `v1=${hmac(secret, `${timestamp}.`, body)}`;
}

/** `v2=` and that of "<timestamp>.<token>.<body>": good for the turn whose callback has this token, and no other. */
export function signAgentCallback(
  secret: string,
  timestamp: string,
  token: string,
  body: string | Buffer,
): string {
  return `v2=${hmac(secret, `${timestamp}.${token}.`, body)}`;
}

/** Whether the body is signed, in either way, and not long ago. */
export function isSignedAgentBody(
  secret: string,
  signed: {
    readonly timestamp: string;
    readonly signature: string;
    readonly token: string;
    readonly body: Buffer;
  },
  nowMs: number,
): boolean {
  const { timestamp, signature, token, body } = signed;
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > SKEW_LIMIT_SECONDS) return false;
  const expected = Buffer.from(
    signature.startsWith("v2=")
      ? signAgentCallback(secret, timestamp, token, body)
      : signAgentBody(secret, timestamp, body),
  );
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function hmac(secret: string, before: string, body: string | Buffer): string {
  return createHmac("sha256", secret).update(before).update(body).digest("hex");
}

import { createHmac, timingSafeEqual } from "node:crypto";

/** How far the clocks of gateway and agent may differ. */
const SKEW_LIMIT_SECONDS = 300;

/** Names of the headers, in lower case. */
export const SIGNATURE_HEADER = "x-gateway-signature";
export const TIMESTAMP_HEADER = "x-gateway-timestamp";

/** `v1=` and the hexadecimal HMAC-SHA256 of "<timestamp>.<body>". The timestamp is in seconds. */
export function signAgentBody(secret: string, timestamp: string, body: string | Buffer): string {
  return `v1=${createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest("hex")}`;
}

/** Whether the body is signed, and not long ago. */
export function isSignedAgentBody(
  secret: string,
  signed: { readonly timestamp: string; readonly signature: string; readonly body: Buffer },
  nowMs: number,
): boolean {
  const { timestamp, signature, body } = signed;
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > SKEW_LIMIT_SECONDS) return false;
  const expected = Buffer.from(signAgentBody(secret, timestamp, body));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

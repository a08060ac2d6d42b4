import { randomInt } from "node:crypto";
import { sealEchostr } from "@gateway/wecom-client/testing";
import { WECOM_LIMITS } from "../limits.ts";
import type { AppState } from "../state/app-registry.ts";
import type { World } from "../world.ts";
import { requestOnce } from "./http-request.ts";
import { withQuery } from "./pusher.ts";

export interface VerifyResult {
  readonly ok: boolean;
  readonly latencyMs: number;
  readonly status?: number;
  /** What an administrator would have to mend. */
  readonly problem?: string;
}

function randomDigits(): string {
  return `${randomInt(1, 10)}${Array.from({ length: 18 }, () => randomInt(0, 10)).join("")}`;
}

/** What "save" does on the page where an administrator sets the callback URL (doc 90930): GET, one second, bare plaintext. */
export async function verifyCallback(
  app: AppState,
  world: World,
  timeoutMs: number = WECOM_LIMITS.verifyTimeoutMs,
): Promise<VerifyResult> {
  const echostr = randomDigits();
  const { query } = sealEchostr({
    keys: { token: app.token, encodingAesKey: app.encodingAesKey },
    corpId: app.corpId,
    echostr,
    timestamp: String(Math.floor(world.clock.unshiftedMs() / 1000)),
  });
  const outcome = await requestOnce({ url: withQuery(app.callbackUrl, query), method: "GET", timeoutMs });
  const { latencyMs } = outcome;
  if (outcome.outcome === "timeout")
    return { ok: false, latencyMs, problem: `no answer within ${timeoutMs} ms` };
  if (outcome.outcome === "connection_failed") return { ok: false, latencyMs, problem: outcome.error };
  const { status } = outcome;
  if (status !== 200)
    return { ok: false, latencyMs, status, problem: `answered HTTP ${status} instead of 200` };
  if (outcome.body !== echostr) {
    return { ok: false, latencyMs, status, problem: "the body is not exactly the decrypted echostr" };
  }
  return { ok: true, latencyMs, status };
}

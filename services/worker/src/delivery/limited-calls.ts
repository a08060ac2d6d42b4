import { setTimeout as delay } from "node:timers/promises";
import type { RateLimiter, SendLimits } from "@gateway/wecom-client";
import { createRateLimiter, WecomError } from "@gateway/wecom-client";
import type { Redis } from "ioredis";
import type { WorkerApp } from "../apps.ts";

/** Calls beside those that send, which wait at their own gate. WeCom limits and blocks each of them by itself (doc 90312). */
const APIS = {
  recallMessage: "message/recall",
  updateTemplateCard: "message/update_template_card",
  uploadMedia: "media/upload",
  downloadMedia: "media/get",
} as const;

/** A crowd is waited for; who meets a block comes back later. */
const PATIENCE_MS = 2000;
const FREQUENCY_LIMIT = 45009;
const CONCURRENCY_LIMIT = 45033;

interface App {
  readonly corpId: string;
  readonly agentId: string;
}

/** The app's client, whose other calls also keep WeCom's limits together with those of all workers. */
export function limitCalls(
  client: WorkerApp["client"],
  app: App,
  deps: { redis: Redis; prefix: string; limits?: Partial<SendLimits> },
): WorkerApp["client"] {
  const through = <Name extends keyof typeof APIS>(name: Name) => {
    const limiter = createRateLimiter({ ...deps, api: APIS[name] });
    return <Value>(call: () => Promise<Value>) => limited(call, APIS[name], app, limiter);
  };
  const [recall, update, upload, download] = [
    through("recallMessage"),
    through("updateTemplateCard"),
    through("uploadMedia"),
    through("downloadMedia"),
  ];
  return {
    // These two wait at the gate of the delivery.
    sendMessageBytes: (body) => client.sendMessageBytes(body),
    sendAppChatBytes: (body) => client.sendAppChatBytes(body),
    recallMessage: (msgId) => recall(() => client.recallMessage(msgId)),
    updateTemplateCard: (request) => update(() => client.updateTemplateCard(request)),
    uploadMedia: (request) => upload(() => client.uploadMedia(request)),
    downloadMedia: (mediaId, options) => download(() => client.downloadMedia(mediaId, options)),
  };
}

async function limited<Value>(
  call: () => Promise<Value>,
  api: string,
  app: App,
  limiter: RateLimiter,
): Promise<Value> {
  const permit = await untilPermitted(api, app, limiter);
  try {
    const value = await call();
    await limiter.settle(permit, "sent");
    return value;
  } catch (error) {
    // A call for a token has limits of its own, and their own pause; this one has not left.
    const isOfToken = error instanceof WecomError && error.api === "gettoken";
    const errcode = error instanceof WecomError && !isOfToken ? error.errcode : undefined;
    if (errcode === FREQUENCY_LIMIT) await limiter.pause(permit);
    if (errcode === CONCURRENCY_LIMIT) await limiter.slowDown(permit);
    await limiter.settle(permit, isOfToken ? "unused" : "used");
    throw error;
  }
}

async function untilPermitted(api: string, app: App, limiter: RateLimiter) {
  for (let waitedMs = 0; ; ) {
    const taken = await limiter.take({ ...app, userIds: [], kind: "answer" });
    if (taken.ok) return taken.permit;
    if (waitedMs + taken.afterMs > PATIENCE_MS)
      throw new WecomError({
        api,
        app: `${app.corpId}/${app.agentId}`,
        code: "rate_held",
        kind: "rate",
        summary: `the call is held back by a limit of WeCom's (${taken.why})`,
        hint: "Wait; nothing has to be done.",
        retryAfterMs: taken.afterMs,
      });
    await delay(taken.afterMs);
    waitedMs += taken.afterMs;
  }
}

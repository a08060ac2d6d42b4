import type { Request, RequestHandler, Response } from "express";
import { ApiError } from "../api-error.ts";
import { WECOM_LIMITS } from "../limits.ts";
import type { World } from "../world.ts";
import type { ApiAnswer, ApiCall, ApiHandler } from "./api-types.ts";
import { ENDPOINTS } from "./endpoints.ts";
import { appOfCall, faultSubject } from "./fault-subject.ts";
import { readBody } from "./read-body.ts";
import type { Reply } from "./reply.ts";
import { isCarriedOut, spoil } from "./reply.ts";
import type { Written } from "./write-reply.ts";
import { refusal, writeReply } from "./write-reply.ts";

/** The largest upload and its multipart wrapping. */
const BODY_LIMIT_BYTES = WECOM_LIMITS.mediaMaxBytes.file + (64 << 10);

function clientIp(request: Request): string {
  return (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
}

async function readCall(request: Request): Promise<ApiCall> {
  const { body, tooLarge } = await readBody(request, BODY_LIMIT_BYTES);
  return {
    path: request.path.slice(1),
    query: new URL(request.url, "http://localhost").searchParams,
    body,
    bodyTooLarge: tooLarge,
    contentType: request.get("content-type") ?? "",
    range: request.get("range"),
    ip: clientIp(request),
  };
}

function carryOut(handler: ApiHandler, call: ApiCall, world: World): ApiAnswer {
  try {
    return handler(call, world);
  } catch (error) {
    if (error instanceof ApiError) return refusal(error.errcode, error.message, call, world);
    throw error;
  }
}

function decide(
  handler: ApiHandler,
  call: ApiCall,
  world: World,
): { reply: Reply; fault: string | undefined } {
  const fault = world.faults.isEmpty ? undefined : world.faults.take(faultSubject(call, world));
  if (fault === undefined) {
    return {
      reply: { kind: "answer", answer: carryOut(handler, call, world), delayMs: 0 },
      fault: undefined,
    };
  }
  const marked = isCarriedOut(fault) ? { ...call, fault: fault.type } : call;
  const reply = spoil(fault, () => carryOut(handler, marked, world));
  world.feed.publish({ topic: "faults" });
  return { reply, fault: fault.type };
}

function log(
  call: ApiCall,
  world: World,
  written: Written,
  startedMs: number,
  fault: string | undefined,
): void {
  const app = appOfCall(call, world);
  world.calls.add({
    seq: world.nextSeq(),
    atMs: world.clock.nowMs(),
    path: call.path.slice(0, 200),
    ip: call.ip,
    bytes: call.body.length,
    latencyMs: Math.round(performance.now() - startedMs),
    ...written,
    ...(app === undefined ? {} : { appName: app.name }),
    ...(fault === undefined ? {} : { fault }),
  });
  world.feed.publish({ topic: "call", ...(app === undefined ? {} : { app: app.name }) });
}

function notFound(response: Response): Written {
  response.status(404).type("html").end("<html><body><h1>404 Not Found</h1></body></html>");
  return { status: 404, errcode: 0, errmsg: "unknown path" };
}

/** Everything below `/cgi-bin`. */
export function createApiRouter(world: World): RequestHandler {
  return async (request, response) => {
    const startedMs = performance.now();
    const call = await readCall(request);
    const handler = ENDPOINTS.get(call.path);
    if (handler === undefined) {
      log(call, world, notFound(response), startedMs, undefined);
      return;
    }
    const { reply, fault } = decide(handler, call, world);
    log(call, world, await writeReply(response, reply, call, world), startedMs, fault);
  };
}

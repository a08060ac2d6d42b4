import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Response } from "express";
import { errorMessage, errorText } from "../api-error.ts";
import type { World } from "../world.ts";
import type { ApiAnswer, ApiCall } from "./api-types.ts";
import { json } from "./api-types.ts";
import type { Reply } from "./reply.ts";

/** What the call log keeps of an answer. */
export interface Written {
  readonly status: number;
  readonly errcode: number;
  readonly errmsg: string;
}

export function refusal(errcode: number, reason: string, call: ApiCall, world: World): ApiAnswer {
  const context = {
    nowMs: world.clock.nowMs(),
    ip: call.ip,
    errcode,
    hintId: randomBytes(12).toString("hex"),
  };
  return json({ errcode, errmsg: errorMessage(reason, context) });
}

const headerText = (text: string) => text.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 500);

function writeJson(response: Response, body: Readonly<Record<string, unknown>>, truncated: boolean): Written {
  const text = JSON.stringify(body);
  const errcode = typeof body.errcode === "number" ? body.errcode : 0;
  const errmsg = typeof body.errmsg === "string" ? body.errmsg : "ok";
  response.status(200).set("Content-Type", "application/json; charset=UTF-8");
  response.set("Error-Code", String(errcode)).set("Error-Msg", headerText(errmsg));
  response.end(truncated ? text.slice(0, Math.ceil(text.length / 2)) : text);
  return { status: 200, errcode, errmsg };
}

function writeAnswer(response: Response, answer: ApiAnswer, truncated: boolean): Written {
  if (answer.kind === "json") return writeJson(response, answer.body, truncated);
  const content = truncated ? answer.content.subarray(0, answer.content.length >> 1) : answer.content;
  // writeHead before end: when end() writes the header, Node takes the file name's bytes for something else.
  response.writeHead(answer.status, { ...answer.headers, "Content-Length": content.length });
  response.end(content);
  return { status: answer.status, errcode: 0, errmsg: "ok" };
}

/** Sends a reply. Status 0 in what it returns means that no HTTP answer went out. */
export async function writeReply(
  response: Response,
  reply: Reply,
  call: ApiCall,
  world: World,
): Promise<Written> {
  switch (reply.kind) {
    case "answer":
      if (reply.delayMs > 0) await sleep(reply.delayMs, undefined, { ref: false });
      return writeAnswer(response, reply.answer, false);
    case "truncated":
      return writeAnswer(response, reply.answer, true);
    case "refusal": {
      const reason = reply.errmsg ?? errorText(reply.errcode);
      return writeAnswer(response, refusal(reply.errcode, reason, call, world), false);
    }
    case "html":
      response.status(reply.status).type("html").end(reply.html);
      return { status: reply.status, errcode: 0, errmsg: "HTML page" };
    case "reset":
      response.socket?.resetAndDestroy();
      return { status: 0, errcode: 0, errmsg: "connection reset" };
    case "hang":
      return { status: 0, errcode: 0, errmsg: "no answer" };
    default: {
      const never: never = reply;
      return never;
    }
  }
}

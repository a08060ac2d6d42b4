import type { FaultAction } from "../state/faults.ts";
import type { ApiAnswer } from "./api-types.ts";

/** What goes over the wire, faults included. */
export type Reply =
  | { readonly kind: "answer"; readonly answer: ApiAnswer; readonly delayMs: number }
  | { readonly kind: "refusal"; readonly errcode: number; readonly errmsg: string | undefined }
  | { readonly kind: "html"; readonly status: number; readonly html: string }
  | { readonly kind: "truncated"; readonly answer: ApiAnswer }
  | { readonly kind: "reset" }
  | { readonly kind: "hang" };

const GATEWAY_PAGE = "<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>";

/** Whether the call is carried out although its answer goes wrong. */
export function isCarriedOut(fault: FaultAction): boolean {
  switch (fault.type) {
    case "reset_after":
    case "truncate_json":
    case "delay":
      return true;
    case "reset_before":
      return false;
    default:
      return fault.deliver === true;
  }
}

/** Turns a fault into what goes over the wire. `carryOut` is called once, and only by faults that let the call through. */
export function spoil(fault: FaultAction, carryOut: () => ApiAnswer): Reply {
  if (fault.type === "delay") return { kind: "answer", answer: carryOut(), delayMs: fault.delayMs };
  if (fault.type === "truncate_json") return { kind: "truncated", answer: carryOut() };
  if (isCarriedOut(fault)) carryOut();
  switch (fault.type) {
    case "errcode":
      return { kind: "refusal", errcode: fault.errcode, errmsg: fault.errmsg };
    case "http":
      return { kind: "html", status: fault.status, html: fault.html ?? GATEWAY_PAGE };
    case "hang":
      return { kind: "hang" };
    default:
      return { kind: "reset" };
  }
}

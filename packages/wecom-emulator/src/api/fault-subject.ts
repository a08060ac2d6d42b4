import type { FaultSubject } from "../state/faults.ts";
import type { World } from "../world.ts";
import type { ApiCall } from "./api-types.ts";
import { isObject } from "./request-fields.ts";

function bodyOf(call: ApiCall): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(call.body.toString("utf8"));
    return isObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function usersOf(call: ApiCall, body: Readonly<Record<string, unknown>>): string[] {
  const inQuery = call.query.get("userid");
  if (inQuery !== null) return [inQuery];
  if (typeof body.touser === "string") return body.touser.split("|");
  return Array.isArray(body.userids) ? body.userids.map(String) : [];
}

/** The app that a call speaks for, whether or not its token is still good. */
export function appOfCall(call: ApiCall, world: World) {
  if (call.path === "gettoken") {
    return world.apps.bySecret(call.query.get("corpid") ?? "", call.query.get("corpsecret") ?? "");
  }
  const verdict = world.tokens.check(call.query.get("access_token") ?? "");
  return verdict.status === "invalid" ? undefined : world.apps.byName(verdict.appName);
}

/** What the rules of the fault script can match on, read before the call is looked at. */
export function faultSubject(call: ApiCall, world: World): FaultSubject {
  const app = appOfCall(call, world);
  const body = bodyOf(call);
  return {
    path: call.path,
    corpId: app?.corpId ?? call.query.get("corpid") ?? undefined,
    agentId: app?.agentId ?? (body.agentid === undefined ? undefined : String(body.agentid)),
    users: usersOf(call, body),
    msgType: typeof body.msgtype === "string" ? body.msgtype : undefined,
  };
}

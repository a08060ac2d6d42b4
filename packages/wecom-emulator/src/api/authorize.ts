import { ApiError } from "../api-error.ts";
import type { AppState } from "../state/app-registry.ts";
import type { World } from "../world.ts";
import type { ApiCall } from "./api-types.ts";

/** message/send has limits of its own and does not count as a basic call (doc 90312). */
const NOT_COUNTED = new Set(["message/send"]);

/** The app whose token the call carries in its query; nowhere else is a token looked for. */
export function authorize(call: ApiCall, world: World): AppState {
  const token = call.query.get("access_token") ?? "";
  if (token === "") throw new ApiError(41001);
  const verdict = world.tokens.check(token);
  if (verdict.status === "expired") throw new ApiError(42001);
  const app = verdict.status === "ok" ? world.apps.byName(verdict.appName) : undefined;
  if (app === undefined) throw new ApiError(40014);
  if (app.stopped) throw new ApiError(50003);
  if (app.trustedIps !== undefined && !app.trustedIps.includes(call.ip)) throw new ApiError(60020);
  if (!NOT_COUNTED.has(call.path) && !world.callQuota.take(app.corpId, call.path)) throw new ApiError(45009);
  return app;
}

/** `agentid` must be the app of the token: 40056 when the corp has no such app, 301002 when it is another one. */
export function checkAgent(value: unknown, app: AppState, world: World): void {
  if (value === undefined || value === null || value === "") throw new ApiError(41011);
  const agentId = typeof value === "number" ? String(value) : value;
  if (typeof agentId !== "string" || !/^\d{1,12}$/.test(agentId))
    throw new ApiError(40056, "agentid is an integer");
  if (agentId === app.agentId) return;
  throw new ApiError(world.apps.byAgent(app.corpId, agentId) === undefined ? 40056 : 301002);
}

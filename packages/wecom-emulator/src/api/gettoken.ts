import { ApiError } from "../api-error.ts";
import type { ApiHandler } from "./api-types.ts";
import { ok } from "./api-types.ts";

/** `GET /gettoken` (doc 91039). Asks for no trusted address: an app learns of 60020 at its first real call. */
export const getToken: ApiHandler = (call, world) => {
  if (world.secretBans.isBanned(call.ip))
    throw new ApiError(45009, "too many wrong secrets from this address");
  const corpId = call.query.get("corpid") ?? "";
  const corpSecret = call.query.get("corpsecret") ?? "";
  if (corpId === "" || corpSecret === "") throw new ApiError(41004);
  if (!world.apps.hasCorp(corpId)) throw new ApiError(40013);
  const app = world.apps.bySecret(corpId, corpSecret);
  if (app === undefined || app.stopped) {
    world.secretBans.countFailure(call.ip);
    throw new ApiError(40001);
  }
  const token = world.tokens.issue(app.name);
  return ok({ access_token: token.value, expires_in: token.expiresInSeconds });
};

import { ApiError } from "../api-error.ts";
import type { ApiHandler } from "./api-types.ts";
import { ok } from "./api-types.ts";
import { authorize } from "./authorize.ts";

/** `GET /user/get` (doc 90196), with the few fields that apps created since June 2022 still get. */
export const getUser: ApiHandler = (call, world) => {
  const app = authorize(call, world);
  const userId = call.query.get("userid") ?? "";
  if (userId === "") throw new ApiError(41009);
  const member = world.directory.find(app.corpId, userId);
  if (member === undefined || member.state === "missing") throw new ApiError(60111);
  if (member.state === "outside") throw new ApiError(60011);
  return ok({
    userid: member.userId,
    name: member.name,
    department: [1],
    main_department: 1,
    order: [0],
    position: "",
    is_leader_in_dept: [0],
    direct_leader: [],
    telephone: "",
    alias: "",
    status: 1,
    extattr: { attrs: [] },
    external_profile: {},
  });
};

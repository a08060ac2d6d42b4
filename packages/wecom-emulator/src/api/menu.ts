import { z } from "zod";
import { ApiError } from "../api-error.ts";
import type { MenuButton } from "../types.ts";
import type { ApiHandler } from "./api-types.ts";
import { json, ok } from "./api-types.ts";
import { authorize, checkAgent } from "./authorize.ts";
import { readJson } from "./request-fields.ts";

const maxBytes = (limit: number) => z.string().refine((value) => Buffer.byteLength(value) <= limit);

const leaf = {
  name: maxBytes(16).min(1),
  type: z.string().optional(),
  key: maxBytes(128).optional(),
  url: maxBytes(1024).optional(),
};

/** Two levels at most: 1 to 3 buttons, each with up to 5 below it (doc 90231). */
export const menuSchema: z.ZodType<readonly MenuButton[]> = z
  .array(z.object({ ...leaf, sub_button: z.array(z.object(leaf)).max(5).optional() }))
  .min(1)
  .max(3);

/** `POST /menu/create` (doc 90231). */
export const createMenu: ApiHandler = (call, world) => {
  const app = authorize(call, world);
  checkAgent(call.query.get("agentid") ?? undefined, app, world);
  const menu = menuSchema.safeParse(readJson(call).button);
  if (!menu.success) throw new ApiError(40058, "button");
  world.apps.change(app.name, { menu: menu.data });
  world.feed.publish({ topic: "apps", app: app.name });
  return ok();
};

/** `GET /menu/get` (doc 90232). */
export const getMenu: ApiHandler = (call, world) => {
  const app = authorize(call, world);
  checkAgent(call.query.get("agentid") ?? undefined, app, world);
  if (app.menu.length === 0) throw new ApiError(46003);
  return json({ button: app.menu });
};

/** `GET /menu/delete` (doc 90233). */
export const deleteMenu: ApiHandler = (call, world) => {
  const app = authorize(call, world);
  checkAgent(call.query.get("agentid") ?? undefined, app, world);
  world.apps.change(app.name, { menu: [] });
  world.feed.publish({ topic: "apps", app: app.name });
  return ok();
};

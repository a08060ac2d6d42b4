import type { Router } from "express";
import type { Controls } from "../controls.ts";
import type { World } from "../world.ts";
import { pushSchema, repeatSchema } from "./control-schemas.ts";
import { ControlError, findApp, handleJson } from "./handle.ts";

/** Acting as a member. */
export function addPushRoutes(router: Router, world: World, controls: Controls): void {
  router.post(
    "/pushes",
    handleJson(pushSchema, async ({ wait, ...input }, request) => {
      findApp(world, input.app);
      const origin = `${request.protocol}://${request.get("host") ?? ""}`;
      const { record, settled } = controls.startPush({
        ...input,
        content: withPicUrl(input.content, origin),
      });
      return wait ? settled : record;
    }),
  );
  router.post(
    "/pushes/:id/repeat",
    handleJson(repeatSchema, async ({ callbackUrl, wait }, request) => {
      const id = String(request.params.id);
      if (world.pushes.find(id) === undefined) throw new ControlError(404, "There is no such push.");
      const { record, settled } = controls.repeatPush(id, { callbackUrl });
      return wait ? settled : record;
    }),
  );
}

/** Pictures need an address that the gateway can fetch without a token. */
function withPicUrl<T extends { type: string; picUrl?: string; mediaId?: string }>(
  content: T,
  origin: string,
): T {
  if (content.type !== "image" || (content.picUrl ?? "") !== "") return content;
  return { ...content, picUrl: `${origin}/pic/${content.mediaId ?? ""}` };
}

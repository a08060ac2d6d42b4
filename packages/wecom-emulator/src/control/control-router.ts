import { Router } from "express";
import type { Controls } from "../controls.ts";
import type { World } from "../world.ts";
import { addAppRoutes } from "./app-routes.ts";
import { addConditionRoutes } from "./condition-routes.ts";
import { createEventStream } from "./event-stream.ts";
import { addLogRoutes } from "./log-routes.ts";
import { addMediaRoutes } from "./media-routes.ts";
import { createOriginGuard } from "./origin-guard.ts";
import { addPushRoutes } from "./push-routes.ts";

/** Everything below `/_emulator`: what a test script or the chat page does to the emulator from outside. */
export function createControlRouter(world: World, controls: Controls): Router {
  const router = Router();
  router.use(createOriginGuard());
  router.use((_request, response, next) => {
    response.set("Cache-Control", "no-store");
    next();
  });
  router.get("/events", createEventStream(world.feed));
  addMediaRoutes(router, world);
  addPushRoutes(router, world, controls);
  addAppRoutes(router, world, controls);
  addConditionRoutes(router, world, controls);
  addLogRoutes(router, world);
  return router;
}

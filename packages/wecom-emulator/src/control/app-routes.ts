import type { Router } from "express";
import type { Controls } from "../controls.ts";
import type { AppState } from "../state/app-registry.ts";
import type { World } from "../world.ts";
import { appChangeSchema, groupSchema, scopeSchema, userSchema } from "./control-schemas.ts";
import { findApp, handleJson } from "./handle.ts";

/** An app without its secrets. */
function publicApp(app: AppState) {
  const { name, corpId, agentId, callbackUrl, menu, stopped } = app;
  return { name, corpId, agentId, callbackUrl, menu, stopped, trustedIps: app.trustedIps ?? null };
}

export function addAppRoutes(router: Router, world: World, controls: Controls): void {
  router.get("/apps", (_request, response) => {
    response.json({ apps: world.apps.all().map(publicApp) });
  });
  router.patch(
    "/apps/:name",
    handleJson(appChangeSchema, (change, request) => {
      const { name } = findApp(world, request.params.name);
      return publicApp(controls.changeApp(name, change));
    }),
  );
  router.post(
    "/apps/:name/verify-callback",
    handleJson(scopeSchema, (_input, request) =>
      controls.verifyCallback(findApp(world, request.params.name).name),
    ),
  );
  router.get("/users", (_request, response) => {
    response.json({ users: world.directory.list().slice(-5000) });
  });
  router.post(
    "/users",
    handleJson(userSchema, (user) => controls.setUser(user)),
  );
  router.post(
    "/groups",
    handleJson(groupSchema, (group) => {
      controls.setGroup(group);
      return { ok: true };
    }),
  );
}

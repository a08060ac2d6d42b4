import type { Router } from "express";
import type { Controls } from "../controls.ts";
import type { World } from "../world.ts";
import { clockSchema, faultsSchema, policySchema, scopeSchema } from "./control-schemas.ts";
import { findApp, handleJson } from "./handle.ts";

/** Faults, tokens, the clock and the callback policy. */
export function addConditionRoutes(router: Router, world: World, controls: Controls): void {
  const faults = () => ({ faults: world.faults.state() });
  router.get("/faults", (_request, response) => {
    response.json(faults());
  });
  /** Takes the place of all rules that were set before. */
  router.post(
    "/faults",
    handleJson(faultsSchema, (input) => {
      controls.setFaults("rules" in input ? input.rules : input);
      return faults();
    }),
  );
  router.delete("/faults", (_request, response) => {
    controls.setFaults([]);
    response.json(faults());
  });
  router.post(
    "/tokens/:verb",
    handleJson(scopeSchema, ({ app }, request) => {
      const name = app === undefined ? undefined : findApp(world, app).name;
      return {
        ended: request.params.verb === "revoke" ? controls.revokeTokens(name) : controls.expireTokens(name),
      };
    }),
  );
  router.post(
    "/clock",
    handleJson(clockSchema, ({ advanceMs }) => {
      controls.advanceClock(advanceMs);
      return { nowMs: world.clock.nowMs() };
    }),
  );
  router.get("/callback-policy", (_request, response) => {
    response.json(controls.callbackPolicy());
  });
  router.patch(
    "/callback-policy",
    handleJson(policySchema, (change) => controls.setCallbackPolicy(change)),
  );
  router.post(
    "/reset",
    handleJson(scopeSchema, () => {
      controls.reset();
      return { ok: true };
    }),
  );
}

import type { ApiHandler } from "./api-types.ts";
import { ok } from "./api-types.ts";
import { authorize, checkAgent } from "./authorize.ts";

/** `GET /agent/get` (doc 90227): only the app of the token. */
export const getAgent: ApiHandler = (call, world) => {
  const app = authorize(call, world);
  checkAgent(call.query.get("agentid") ?? undefined, app, world);
  const visible = world.directory.list(app.corpId).filter((member) => member.state === "visible");
  return ok({
    agentid: Number(app.agentId),
    name: app.name,
    square_logo_url: "",
    description: "",
    allow_userinfos: { user: visible.slice(0, 1000).map((member) => ({ userid: member.userId })) },
    allow_partys: { partyid: [1] },
    allow_tags: { tagid: [] },
    close: app.stopped ? 1 : 0,
    redirect_domain: "",
    report_location_flag: 0,
    isreportenter: 1,
    home_url: "",
  });
};

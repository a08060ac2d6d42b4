import { z } from "zod";
import type { Answer } from "./answer.ts";
import { badAnswer, number, text } from "./answer.ts";
import type { WecomApi } from "./api.ts";
import type { WecomClient } from "./types.ts";

type DirectoryCalls = Pick<WecomClient, "getAgent" | "getUser" | "getCallbackIps" | "getApiDomainIps">;

const ids = z.array(z.union([z.string(), z.number()]).transform(String)).catch([]);
const allowed = z
  .object({
    allow_userinfos: z.object({ user: z.array(z.object({ userid: z.string() })) }).optional(),
    allow_partys: z.object({ partyid: ids }).optional(),
    allow_tags: z.object({ tagid: ids }).optional(),
  })
  .catch({});

/** What WeCom knows about the app, a member and its own addresses (WeCom docs 96448, 90196, 92521, 92520). */
export function createDirectoryCalls(api: WecomApi): DirectoryCalls {
  return {
    async getAgent() {
      const answer = await api.get("agent/get", { agentid: api.app.agentId });
      const range = allowed.parse(answer);
      return {
        agentId: api.app.agentId,
        name: text(answer.name),
        description: text(answer.description),
        isClosed: answer.close === 1,
        homeUrl: text(answer.home_url),
        redirectDomain: text(answer.redirect_domain),
        allowedUserIds: range.allow_userinfos?.user.map((user) => user.userid) ?? [],
        allowedPartyIds: range.allow_partys?.partyid ?? [],
        allowedTagIds: range.allow_tags?.tagid ?? [],
      };
    },
    async getUser(userId) {
      const answer = await api.get("user/get", { userid: userId });
      const answeredId = text(answer.userid);
      if (answeredId === "") throw badAnswer({ api: "user/get", app: api.appName }, "userid");
      return {
        userId: answeredId,
        name: text(answer.name),
        alias: text(answer.alias),
        position: text(answer.position),
        departmentIds: ids.parse(answer.department),
        status: number(answer.status) || 0,
      };
    },
    getCallbackIps: async () => ipList(api, "getcallbackip", await api.get("getcallbackip")),
    getApiDomainIps: async () => ipList(api, "get_api_domain_ip", await api.get("get_api_domain_ip")),
  };
}

function ipList(api: WecomApi, name: string, answer: Answer): string[] {
  const list = z.array(z.string()).safeParse(answer.ip_list);
  if (!list.success) throw badAnswer({ api: name, app: api.appName }, "ip_list");
  return list.data;
}

import type { ApiHandler } from "./api-types.ts";
import { ok } from "./api-types.ts";
import { authorize } from "./authorize.ts";

/** `GET /getcallbackip` (doc 92521): where callbacks come from. Entries may end in `*`, as in WeCom. */
export const getCallbackIps: ApiHandler = (call, world) => {
  authorize(call, world);
  return ok({ ip_list: ["127.0.0.1", "127.0.0.*"] });
};

/** `GET /get_api_domain_ip` (doc 92520): where the API lives. */
export const getApiDomainIps: ApiHandler = (call, world) => {
  authorize(call, world);
  return ok({ ip_list: ["127.0.0.1"] });
};

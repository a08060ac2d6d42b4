import { isIP } from "node:net";
import { list } from "./fields.ts";

const PROXIES_MEND =
  "Needs addresses or networks separated by commas, like 10.0.0.5, 172.16.0.0/12 or loopback (also linklocal, uniquelocal).";
export const proxyList = list(/^[0-9A-Za-z.:/]{1,64}$/, PROXIES_MEND).refine(
  (items) => items.every(isProxyRange),
  PROXIES_MEND,
);

/** As express takes them for `trust proxy`; not the whole internet. */
function isProxyRange(item: string): boolean {
  if (["loopback", "linklocal", "uniquelocal"].includes(item)) return true;
  const [, address = "", bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(item) ?? [];
  const version = isIP(address);
  return (
    version !== 0 && (bits === undefined || (Number(bits) > 0 && Number(bits) <= (version === 4 ? 32 : 128)))
  );
}

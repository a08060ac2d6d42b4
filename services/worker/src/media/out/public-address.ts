import ipaddr from "ipaddr.js";

/** All that is handed out for use on the internet (RFC 4291); what lies outside is not assigned. */
const GLOBAL_IPV6 = ipaddr.parseCIDR("2000::/3");

/**
 * True for an address of the public internet. Everything else is refused: loopback, private, link-local (where clouds
 * answer with credentials), carrier-grade NAT, multicast, reserved, and IPv6 that stands for any of these in IPv4.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== "unicast") return false;
  return parsed.kind() === "ipv4" || parsed.match(GLOBAL_IPV6);
}

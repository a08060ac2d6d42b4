import type { Link } from "../support/stack.ts";
import type { FaultProxy } from "./fault-proxy.ts";
import { startFaultProxy } from "./fault-proxy.ts";

export const LINKS = ["wecom-ingress", "ingress-redis", "worker-redis", "worker-wecom"] as const;

/** A proxy on every link of a stack with one ingress. */
export interface Links {
  /** For StackOptions. */
  between(link: Link, port: number): Promise<number>;
  on(link: Link): FaultProxy;
  close(): Promise<void>;
}

export function createLinks(): Links {
  const proxies = new Map<Link, FaultProxy>();
  return {
    async between(link, port) {
      const proxy = await startFaultProxy(port);
      proxies.set(link, proxy);
      return proxy.port;
    },
    on(link) {
      const proxy = proxies.get(link);
      if (proxy === undefined) throw new Error(`nothing is between ${link}`);
      return proxy;
    },
    async close() {
      for (const proxy of proxies.values()) await proxy.close();
    },
  };
}

import type { Redis } from "ioredis";
import type { FaultProxy } from "../../faults/fault-proxy.ts";
import { startFaultProxy } from "../../faults/fault-proxy.ts";
import type { ServiceHandle } from "../../support/service.ts";
import type { Link, Stack } from "../../support/stack.ts";
import { startStack } from "../../support/stack.ts";

/** A gateway of one ingress and one worker, with a proxy in each of their connections. */
export interface Lane {
  readonly stack: Stack;
  readonly redis: Redis;
  readonly ingress: ServiceHandle;
  readonly worker: ServiceHandle;
  proxy(link: Link): FaultProxy;
  stop(): Promise<void>;
}

/** Gateways for cases that mostly wait and so run beside each other: each has one to itself, and leaves it to the next. */
export function createLanes() {
  const free: Lane[] = [];
  return {
    /** One that `work` has failed on is of no use to anybody else. */
    async use<Result>(work: (lane: Lane) => Promise<Result>): Promise<Result> {
      const lane = free.pop() ?? (await startLane());
      try {
        const result = await work(lane);
        free.push(lane);
        return result;
      } catch (error) {
        await lane.stop();
        throw error;
      }
    },
    stop: async () => void (await Promise.all(free.splice(0).map((lane) => lane.stop()))),
  };
}

async function startLane(): Promise<Lane> {
  const proxies = new Map<Link, FaultProxy>();
  const closeProxies = async () =>
    void (await Promise.all([...proxies.values()].map((proxy) => proxy.close())));
  try {
    const stack = await startStack({
      env: { WORKER_DEAD_AFTER_SECONDS: "1" },
      between: async (link, port) => {
        const proxy = await startFaultProxy(port);
        proxies.set(link, proxy);
        return proxy.port;
      },
    });
    return {
      stack,
      redis: stack.redis.client(),
      ingress: first(stack.ingress),
      worker: first(stack.workers),
      proxy(link) {
        const proxy = proxies.get(link);
        if (proxy === undefined) throw new Error(`there is nothing between ${link}`);
        return proxy;
      },
      async stop() {
        await stack.stop();
        await closeProxies();
      },
    };
  } catch (error) {
    await closeProxies();
    throw error;
  }
}

function first(services: readonly ServiceHandle[]): ServiceHandle {
  const [service] = services;
  if (service === undefined) throw new Error("the stack has no such service");
  return service;
}

import type { AgentCallbacks } from "@gateway/conversation";
import { createIngress, systemClock } from "@gateway/ingress";
import { pino } from "pino";

/** Ingress with no apps of its own, for the agents that call back. */
export async function startIngressForAgents(
  callbacks: AgentCallbacks,
  key: string,
): Promise<{ url: string; stop(): Promise<void> }> {
  const ingress = createIngress({
    apps: [],
    callbackPath: "/wecom/callback",
    maxSkewSeconds: 0,
    acceptor: { accept: never },
    gatekeeper: { ask: never },
    agents: { callbacks, agentOf: () => ({ app: "app", key }), isOpen: () => true },
    ping: async () => "PONG",
    logger: pino({ level: "silent" }),
    clock: systemClock,
  });
  const port = await ingress.listen(0, "127.0.0.1");
  return { url: `http://127.0.0.1:${port}`, stop: ingress.close };
}

async function never(): Promise<never> {
  throw new Error("No person writes here.");
}

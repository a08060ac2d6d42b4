import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Conversation } from "./conversations.ts";
import { conversationsOf } from "./conversations.ts";
import type { FaultStack } from "./fault-stack.ts";
import { startFaultStack } from "./fault-stack.ts";
import type { Links } from "./links.ts";
import { createLinks } from "./links.ts";

// A firewall forgets the connections that are open, and lets new ones through.

const LIMIT_MS = 120_000;

describe("connections to Redis that silently lead nowhere", () => {
  let links: Links;
  let gateway: FaultStack;
  let newConversation: () => Conversation;
  beforeAll(async () => {
    links = createLinks();
    gateway = await startFaultStack({ workers: 1, between: links.between });
    newConversation = conversationsOf(gateway);
  }, LIMIT_MS);
  afterAll(async () => {
    await gateway?.stop();
    await links?.close();
  });

  it.each(["ingress-redis", "worker-redis"] as const)(
    "%s: the next message is acknowledged at its first push, and answered once",
    async (link) => {
      const { conversation, say, answered } = newConversation();
      await answered(await say("wait=0"));
      await links.on(link).put({ kind: "half-open" });
      await links.on(link).clear();
      const id = await say("wait=0");
      await answered(id);
      await gateway.untilQuiet(60_000);
      expect(gateway.shown(conversation).filter((text) => text === `${id} 1/1`)).toHaveLength(1);
    },
    LIMIT_MS,
  );
});

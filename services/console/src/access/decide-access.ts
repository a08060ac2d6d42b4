import { randomUUID } from "node:crypto";
import type { Keys, Timelines, TurnControl } from "@gateway/conversation";
import type { AccessRegistry } from "@gateway/conversation/access";
import { dropWaiting } from "@gateway/conversation/access";
import type { Redis } from "ioredis";
import type { ConsoleAppConfig } from "./read-access.ts";
import { isListed } from "./read-access.ts";

/** Before the operator's name where the approver is kept, so that no WeCom user of that name is meant. */
export const OPERATOR_MARK = "console:";

export interface AccessOutcome {
  /**
   * stillListed: revoked, but the configuration allows them. gone: no such request (any more).
   * locked: too many wrong codes were typed. full: no room. notIn: was not let in.
   */
  readonly kind: "approved" | "admitted" | "revoked" | "stillListed" | "gone" | "locked" | "full" | "notIn";
  readonly droppedMessages?: number;
}

interface Deps {
  readonly accessRegistry: AccessRegistry;
  readonly redis: Redis;
  readonly keys: Keys;
  readonly turnControl: TurnControl;
  readonly timelines: Pick<Timelines, "append">;
  readonly now: () => number;
}

/** What an operator may decide about one person and one app. Each may be asked for twice. */
export interface AccessDecisions {
  /** Lets in whoever was given the code. */
  approve(
    app: ConsoleAppConfig,
    request: { code: string; userId: string },
    operator: string,
  ): Promise<AccessOutcome>;
  admit(app: ConsoleAppConfig, userId: string, operator: string): Promise<AccessOutcome>;
  /** Drops the person's waiting messages too, unless the configuration allows them anyway. */
  revoke(app: ConsoleAppConfig, userId: string): Promise<AccessOutcome>;
}

export function createAccessDecisions(deps: Deps): AccessDecisions {
  const { accessRegistry: registry, now } = deps;
  return {
    async approve(app, { code, userId }, operator) {
      // Looked up first: an operator who is late guesses nothing, and must not bring on the lock-out.
      const open = await registry.listRequests(app);
      if (!open.some((request) => request.code === code && request.userId === userId)) {
        return { kind: (await registry.isApproved(app, userId)) ? "approved" : "gone" };
      }
      const cause = `console-${app.corpId}-${app.agentId}-${code}`;
      const { status } = await registry.approve(app, code, OPERATOR_MARK + operator, cause);
      return { kind: status === "unknown" ? "gone" : status };
    },
    async admit(app, userId, operator) {
      const user = await registry.admit(app, userId, OPERATOR_MARK + operator);
      return { kind: user === undefined ? "full" : "admitted" };
    },
    async revoke(app, userId) {
      if (!(await registry.revoke(app, userId))) return { kind: "notIn" };
      if (isListed(app)(userId)) return { kind: "stillListed" };
      const cause = { id: `console-${randomUUID()}`, receivedAtMs: now() };
      const dropped = await dropWaiting(deps, app, userId, cause);
      await deps.timelines.append(dropped, { type: "cleared", why: "revoked" });
      return { kind: "revoked", droppedMessages: dropped.length };
    },
  };
}

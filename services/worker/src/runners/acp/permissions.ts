import type { RequestPermissionRequest } from "@agentclientprotocol/sdk";
import type { TurnIO } from "../runner.ts";
import type { Tools } from "./tools.ts";
import { describeTool } from "./tools.ts";

/** What one turn may ask a person. More is refused unasked. */
const ASKED_LIMIT = 20;

/** Puts an agent's requests to the person, one after the other. */
export interface Permissions {
  /** The id of the chosen option; undefined for "cancelled". */
  ask(request: RequestPermissionRequest): Promise<string | undefined>;
  /** The run is told to stop: what waits is answered "cancelled", as the protocol demands. */
  cancelAll(): void;
  /** Something was not allowed. */
  hasDenied(): boolean;
}

export function createPermissions(deps: {
  readonly approve: TurnIO["approve"];
  readonly tools: Tools;
  /** Time that the person takes is not the agent's. Returns the way back. */
  readonly pause: () => () => void;
}): Permissions {
  let asked = 0;
  let denied = false;
  let before: Promise<unknown> = Promise.resolve();
  let cancel: () => void = () => undefined;
  const cancelled = new Promise<"cancelled">((resolve) => {
    cancel = () => resolve("cancelled");
  });

  const decide = async (request: RequestPermissionRequest) => {
    const tool = deps.tools.merge(request.toolCall)?.tool ?? {};
    // For good is nothing that is decided in a chat.
    const allow = optionOf(request, "allow_once");
    const reject = optionOf(request, "reject_once") ?? optionOf(request, "reject_always");
    if (allow === undefined || asked >= ASKED_LIMIT) {
      denied = true;
      return reject;
    }
    asked += 1;
    const decision = await deps.approve(describeTool(tool));
    if (decision === "approved") return allow;
    denied = true;
    return reject;
  };
  return {
    async ask(request) {
      const resume = deps.pause();
      const own = before
        .then(() => Promise.race([cancelled, 0]))
        .then((state) => (state === "cancelled" ? undefined : decide(request)));
      before = own.catch(() => undefined);
      const answer = await Promise.race([own, cancelled.then(() => undefined)]).finally(resume);
      return answer;
    },
    cancelAll: () => cancel(),
    hasDenied: () => denied,
  };
}

/** By kind, the first: what an option is called, each agent decides for itself. */
function optionOf(request: RequestPermissionRequest, kind: string): string | undefined {
  return request.options.find((option) => option.kind === kind)?.optionId;
}

import type { AppState } from "../state/app-registry.ts";
import type { SentMessage } from "../state/message-log.ts";
import type { ShownContent } from "../view/shown-content.ts";
import type { World } from "../world.ts";
import type { ApiCall } from "./api-types.ts";
import type { JsonObject } from "./request-fields.ts";

/** A request that the platform took. */
export interface TakenRequest {
  readonly call: ApiCall;
  readonly request: JsonObject;
  readonly app: AppState;
  readonly content: ShownContent;
  readonly cuts: SentMessage["cuts"];
}

type Outcome = Pick<SentMessage, "msgId" | "receivers" | "invalidUsers"> &
  Partial<Pick<SentMessage, "responseCode" | "duplicateOf" | "chatName">>;

/** What became of it, for the message log and the chat pages. */
export function recordMessage(taken: TakenRequest, outcome: Outcome, world: World): void {
  const { call, request, app, content, cuts } = taken;
  world.messages.add({
    seq: world.nextSeq(),
    atMs: world.clock.nowMs(),
    appName: app.name,
    corpId: app.corpId,
    agentId: app.agentId,
    msgType: content.kind,
    requestBytes: call.body.length,
    request,
    content,
    cuts,
    cardByUser: new Map(),
    ...(call.fault === undefined ? {} : { fault: call.fault }),
    ...outcome,
  });
  const users = outcome.receivers.map(({ userId }) => userId);
  world.feed.publish({ topic: "message", app: app.name, users });
}

import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import { conversationId } from "../conversation-ref.ts";
import type { InboundMessage } from "../inbound-message.ts";
import type { Keys } from "../keys.ts";
import { ADMITTED_MARK } from "../mailbox-entry.ts";
import type { AppRef } from "./access-keys.ts";
import { accessKeys } from "./access-keys.ts";
import type { AccessRequest, ApprovedUser } from "./access-records.ts";
import { readAccessRequest, readApprovedUser, tryRead } from "./access-records.ts";
import { admitScript, approveScript, requestScript } from "./access-scripts.ts";
import { ACCESS_LIMITS } from "./limits.ts";
import { newPairingCode, readPairingCode } from "./pairing-code.ts";
import { foldUserId } from "./user-list.ts";

/** How long a decision is remembered by what caused it, so that a command carried out twice counts once. */
const ONCE_MS = 24 * 3600 * 1000;

export type Requested =
  | { readonly status: "open"; readonly request: AccessRequest }
  /** Let in meanwhile. */
  | { readonly status: "approved" }
  /** Too many people ask at the moment. */
  | { readonly status: "full" };

export type Approved =
  | { readonly status: "approved"; readonly user: ApprovedUser }
  /** No such code, or no longer. */
  | { readonly status: "unknown" }
  /** Too many wrong codes: none is taken for up to `ACCESS_LIMITS.lockoutMs`. */
  | { readonly status: "locked" }
  /** `ACCESS_LIMITS.users` are in already. */
  | { readonly status: "full" };

/**
 * Who was let in beside the lists of the configuration, and who asks to be. Kept in Redis per app (corp and
 * agent), so what is decided here holds for every replica from the next message on.
 */
export interface AccessRegistry {
  /** The person's code: a new one, or the one they have while it is good. */
  request(app: AppRef & { readonly appName: string }, userId: string): Promise<Requested>;
  /**
   * Lets in whoever has the code, and has the worker tell them. `by` is who decides, `cause` what asked for it
   * (a message id): the same cause decides once.
   */
  approve(app: AppRef, typedCode: string, by: string, cause: string): Promise<Approved>;
  /** Lets a person in without a code; they are not told. Undefined when there is no room for more. */
  admit(app: AppRef, userId: string, by: string): Promise<ApprovedUser | undefined>;
  /** False when they were not among the approved; who is on a list of the configuration stays allowed. */
  revoke(app: AppRef, userId: string): Promise<boolean>;
  isApproved(app: AppRef, userId: string): Promise<boolean>;
  /** Oldest first. */
  listUsers(app: AppRef): Promise<ApprovedUser[]>;
  /** Open ones, oldest first. */
  listRequests(app: AppRef): Promise<AccessRequest[]>;
}

interface Deps {
  readonly redis: Redis;
  readonly keys: Keys;
  /** Wakes a conversation's control lane. */
  readonly wakeControl: (conversation: string) => Promise<void>;
  readonly now: () => number;
}

export function createAccessRegistry(deps: Deps): AccessRegistry {
  const { redis, keys, now } = deps;
  for (const script of [requestScript, approveScript, admitScript]) script.keepLoaded(redis);
  return {
    async request(app, userId) {
      const { requests, users } = accessKeys(keys, app);
      const request = newRequest(app.appName, userId, now());
      const args = [request.code, JSON.stringify(request), request.user, now()];
      const [status, open = ""] = (await requestScript.run(
        redis,
        [requests, users],
        [...args, ACCESS_LIMITS.requests, ACCESS_LIMITS.codeMs],
      )) as [Requested["status"], string?];
      return status === "open" ? { status, request: toRequest(readAccessRequest(open)) } : { status };
    },
    approve: (app, typedCode, by, cause) => approve(deps, app, typedCode, by, cause),
    async admit(app, userId, by) {
      const record: ApprovedUser = { userId, approvedBy: by, approvedAtMs: now() };
      const args = [foldUserId(userId), JSON.stringify(record), ACCESS_LIMITS.users];
      const stored = (await admitScript.run(redis, [accessKeys(keys, app).users], args)) as string | null;
      return stored === null ? undefined : readApprovedUser(stored);
    },
    async revoke(app, userId) {
      return (await redis.hdel(accessKeys(keys, app).users, foldUserId(userId))) === 1;
    },
    async isApproved(app, userId) {
      return (await redis.hexists(accessKeys(keys, app).users, foldUserId(userId))) === 1;
    },
    async listUsers(app) {
      const records = await redis.hvals(accessKeys(keys, app).users);
      const users = records.flatMap((json) => tryRead(readApprovedUser, json) ?? []);
      return users.sort((a, b) => a.approvedAtMs - b.approvedAtMs);
    },
    async listRequests(app) {
      const records = await redis.hvals(accessKeys(keys, app).requests);
      const requests = records.flatMap((json) => tryRead(readAccessRequest, json) ?? []);
      return requests
        .filter(({ expiresAtMs }) => expiresAtMs > now())
        .sort((a, b) => a.requestedAtMs - b.requestedAtMs)
        .map(toRequest);
    },
  };
}

async function approve(
  deps: Deps,
  app: AppRef,
  typedCode: string,
  by: string,
  cause: string,
): Promise<Approved> {
  const { redis, keys, now } = deps;
  const { requests, users, failures } = accessKeys(keys, app);
  const code = readPairingCode(typedCode) ?? "";
  const json = code === "" ? null : await redis.hget(requests, code);
  const open = json === null ? undefined : tryRead(readAccessRequest, json);
  const request = open === undefined || open.expiresAtMs <= now() ? undefined : open;
  const userId = request?.userId ?? "";
  const record: ApprovedUser = { userId, approvedBy: by, approvedAtMs: now() };
  const conversation = conversationId({ ...app, userId });
  const result = (await approveScript.run(
    redis,
    [
      ...[requests, users, failures, keys.flag("access", cause)],
      ...[keys.control(conversation), keys.pendingControls],
    ],
    [
      ...[code, request === undefined ? "" : (json ?? ""), request?.user ?? "", JSON.stringify(record)],
      ...[admittedEntry(app, request, now()), conversation, now()],
      ...[ACCESS_LIMITS.failures, ACCESS_LIMITS.lockoutMs, ONCE_MS, ACCESS_LIMITS.users],
    ],
  )) as string;
  if (!result.startsWith("approved:")) return { status: result as "unknown" | "locked" | "full" };
  const user = readApprovedUser(result.slice("approved:".length));
  // Word is left for them already: without this the reconciler finds it.
  await deps.wakeControl(conversationId({ ...app, userId: user.userId })).catch(() => undefined);
  return { status: "approved", user };
}

function newRequest(appName: string, userId: string, nowMs: number) {
  const times = { requestedAtMs: nowMs, expiresAtMs: nowMs + ACCESS_LIMITS.codeMs };
  return { code: newPairingCode(), userId, user: foldUserId(userId), appName, ...times };
}

function toRequest({ user: _user, ...request }: ReturnType<typeof newRequest>): AccessRequest {
  return request;
}

/** What waits in the person's conversation: nothing but who it is for. */
function admittedEntry(app: AppRef, request: AccessRequest | undefined, nowMs: number): string {
  if (request === undefined) return "";
  const { userId, appName } = request;
  const common = { toUserName: app.corpId, fromUserName: userId, createTime: Math.floor(nowMs / 1000) };
  const entry: InboundMessage = {
    v: 1,
    id: `access-${randomUUID()}`,
    appName,
    corpId: app.corpId,
    agentId: app.agentId,
    userId,
    receivedAtMs: nowMs,
    message: { ...common, agentId: app.agentId, kind: "unsupported", msgType: "admitted", raw: {} },
  };
  return ADMITTED_MARK + JSON.stringify(entry);
}

import type { Clock, OffsetClock } from "./clock.ts";
import { createOffsetClock, systemClock } from "./clock.ts";
import { WECOM_LIMITS } from "./limits.ts";
import type { AccessTokens } from "./state/access-tokens.ts";
import { createAccessTokens } from "./state/access-tokens.ts";
import type { AppRegistry } from "./state/app-registry.ts";
import { createAppRegistry } from "./state/app-registry.ts";
import type { CallLog } from "./state/call-log.ts";
import { createCallLog } from "./state/call-log.ts";
import type { CallQuota } from "./state/call-quota.ts";
import { createCallQuota } from "./state/call-quota.ts";
import type { ChangeFeed } from "./state/change-feed.ts";
import { createChangeFeed } from "./state/change-feed.ts";
import type { Chats } from "./state/chats.ts";
import { createChats } from "./state/chats.ts";
import type { DailyQuota } from "./state/daily-quota.ts";
import { createDailyQuota } from "./state/daily-quota.ts";
import type { Directory } from "./state/directory.ts";
import { createDirectory } from "./state/directory.ts";
import type { DuplicateWindow } from "./state/duplicate-window.ts";
import { createDuplicateWindow } from "./state/duplicate-window.ts";
import type { FaultScript } from "./state/faults.ts";
import { createFaultScript } from "./state/faults.ts";
import type { MediaStore } from "./state/media-store.ts";
import { createMediaStore } from "./state/media-store.ts";
import type { MemberQuota } from "./state/member-quota.ts";
import { createMemberQuota } from "./state/member-quota.ts";
import type { MessageLog } from "./state/message-log.ts";
import { createMessageLog } from "./state/message-log.ts";
import type { PushLog } from "./state/push-log.ts";
import { createPushLog } from "./state/push-log.ts";
import type { ResponseCodes } from "./state/response-codes.ts";
import { createResponseCodes } from "./state/response-codes.ts";
import type { SecretBans } from "./state/secret-bans.ts";
import { createSecretBans } from "./state/secret-bans.ts";
import type { EmulatorApp, Retention } from "./types.ts";

/** Everything that WeCom knows. */
export interface World {
  readonly clock: OffsetClock;
  readonly feed: ChangeFeed;
  readonly apps: AppRegistry;
  readonly directory: Directory;
  readonly tokens: AccessTokens;
  readonly secretBans: SecretBans;
  readonly callQuota: CallQuota;
  readonly dailyQuota: DailyQuota;
  readonly memberQuota: MemberQuota;
  readonly duplicates: DuplicateWindow;
  readonly media: MediaStore;
  readonly chats: Chats;
  readonly responseCodes: ResponseCodes;
  readonly messages: MessageLog;
  readonly pushes: PushLog;
  readonly calls: CallLog;
  readonly faults: FaultScript;
  /** Order of everything that happened, over messages, pushes and calls. */
  nextSeq(): number;
  reset(): void;
}

/** Rules that differ between corps or are worth shrinking in a test. Everything has the platform's figure by default. */
export interface WorldRules {
  readonly tokenTtlMs: number;
  readonly badSecretsPerHour: number;
  readonly accounts: number;
  readonly memberPerMinute: number;
  readonly memberPerHour: number;
  readonly apiPerMinute: number;
  readonly apiPerHour: number;
  /** Any well-formed user id is a member. */
  readonly openDirectory: boolean;
}

const DEFAULT_RULES: WorldRules = {
  tokenTtlMs: WECOM_LIMITS.tokenTtlMs,
  badSecretsPerHour: WECOM_LIMITS.badSecretsPerHour,
  accounts: 1000,
  memberPerMinute: WECOM_LIMITS.memberPerMinute,
  memberPerHour: WECOM_LIMITS.memberPerHour,
  apiPerMinute: WECOM_LIMITS.apiPerMinute,
  apiPerHour: WECOM_LIMITS.apiPerHour,
  openDirectory: true,
};

const DEFAULT_RETENTION: Retention = {
  messages: 20_000,
  messageBytes: 64 << 20,
  pushes: 20_000,
  calls: 20_000,
  mediaBytes: 256 << 20,
  tokens: 10_000,
  members: 50_000,
};

export interface WorldInput {
  readonly apps: readonly EmulatorApp[];
  readonly clock?: Clock | undefined;
  readonly rules?: Partial<WorldRules> | undefined;
  readonly retention?: Partial<Retention> | undefined;
}

export function createWorld(input: WorldInput): World {
  const rules = { ...DEFAULT_RULES, ...input.rules };
  const keep = { ...DEFAULT_RETENTION, ...input.retention };
  const clock = createOffsetClock(input.clock ?? systemClock);
  const { nowMs } = clock;
  let seq = 0;
  const parts = {
    apps: createAppRegistry(input.apps),
    directory: createDirectory({ open: rules.openDirectory, maxMembers: keep.members }),
    tokens: createAccessTokens({ nowMs, ttlMs: rules.tokenTtlMs, maxTokens: keep.tokens }),
    secretBans: createSecretBans({ nowMs, perHour: rules.badSecretsPerHour }),
    callQuota: createCallQuota({ nowMs, perMinute: rules.apiPerMinute, perHour: rules.apiPerHour }),
    dailyQuota: createDailyQuota({ nowMs, perDay: rules.accounts * WECOM_LIMITS.dailyPerAccount }),
    memberQuota: createMemberQuota({
      nowMs,
      perMinute: rules.memberPerMinute,
      perHour: rules.memberPerHour,
      maxMembers: keep.members,
    }),
    duplicates: createDuplicateWindow(nowMs),
    media: createMediaStore({ nowMs, maxBytes: keep.mediaBytes }),
    chats: createChats(),
    responseCodes: createResponseCodes(nowMs),
    messages: createMessageLog({ maxMessages: keep.messages, maxBytes: keep.messageBytes }),
    pushes: createPushLog(keep.pushes),
    calls: createCallLog(keep.calls),
    faults: createFaultScript(),
  };
  const feed = createChangeFeed();
  return {
    clock,
    feed,
    ...parts,
    nextSeq: () => {
      seq += 1;
      return seq;
    },
    reset() {
      const { apps, ...clearable } = parts;
      apps.reset();
      for (const part of Object.values(clearable)) part.clear();
      clock.reset();
      feed.publish({ topic: "reset" });
    },
  };
}

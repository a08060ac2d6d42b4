import type { CreatePushInput } from "./callback/create-push.ts";
import { createPush } from "./callback/create-push.ts";
import type { PushContentInput } from "./callback/push-content.ts";
import type { Pusher } from "./callback/pusher.ts";
import type { VerifyResult } from "./callback/verify-callback.ts";
import { verifyCallback } from "./callback/verify-callback.ts";
import { InputError } from "./input-error.ts";
import type { AppChange, AppState } from "./state/app-registry.ts";
import type { Directory, Member } from "./state/directory.ts";
import type { FaultRule } from "./state/faults.ts";
import type { PushRecord } from "./state/push-log.ts";
import type { CallbackPolicy } from "./types.ts";
import type { World } from "./world.ts";

export interface PushInput extends Omit<CreatePushInput, "app" | "userId" | "content"> {
  /** Name of the app. */
  readonly app: string;
  readonly user: string;
  readonly content: PushContentInput;
  /** Instead of the app's own, to reach another replica. */
  readonly callbackUrl?: string | undefined;
}

export interface StartedPush {
  readonly record: PushRecord;
  readonly settled: Promise<PushRecord>;
}

/** What can be done to the emulator, by a program or through the control API. */
export interface Controls {
  /** Pushes what a member did to the app's callback URL. Throws at once when the input makes no sense. */
  startPush(input: PushInput): StartedPush;
  /** Pushes the same message again, with the same MsgId and plaintext: WeCom thinks that it was not received. */
  repeatPush(id: string, options?: { callbackUrl?: string | undefined }): StartedPush;
  verifyCallback(appName: string): Promise<VerifyResult>;
  changeApp(appName: string, change: AppChange): AppState;
  setUser(user: Parameters<Directory["set"]>[0]): Member;
  setGroup(group: { kind: "party" | "tag"; corpId: string; id: string; userIds: readonly string[] }): void;
  setFaults(rules: readonly FaultRule[]): void;
  /** Calls with the old tokens answer 40014 from now on. Returns how many tokens died. */
  revokeTokens(appName?: string): number;
  /** Calls with the old tokens answer 42001 from now on. Returns how many tokens died. */
  expireTokens(appName?: string): number;
  /** Ages tokens, media, limits and codes. Callbacks keep the true time, or they would be taken for forged. */
  advanceClock(ms: number): void;
  callbackPolicy(): CallbackPolicy;
  setCallbackPolicy(
    change: { readonly [K in keyof CallbackPolicy]?: CallbackPolicy[K] | undefined },
  ): CallbackPolicy;
  /** Forgets everything that happened and every condition that was set. */
  reset(): void;
}

export interface ControlsDeps {
  readonly world: World;
  readonly pusher: Pusher;
  readonly policy: { get(): CallbackPolicy; change: Controls["setCallbackPolicy"]; reset(): void };
}

export function createControls({ world, pusher, policy }: ControlsDeps): Controls {
  function appOf(name: string): AppState {
    const app = world.apps.byName(name);
    if (app === undefined) throw new InputError(`There is no app called "${name}".`);
    return app;
  }

  function start(record: PushRecord, app: AppState, callbackUrl: string | undefined): StartedPush {
    const settled = pusher.deliver(record, app, callbackUrl);
    // Whoever does not wait for the end must not be hurt by it; the record tells it anyway.
    settled.catch(() => {
      record.status = "lost";
    });
    return { record, settled };
  }

  return {
    startPush: ({ app: appName, user, callbackUrl, ...input }) => {
      const app = appOf(appName);
      return start(createPush({ ...input, app, userId: user }, world), app, callbackUrl);
    },
    repeatPush(id, { callbackUrl } = {}) {
      const record = world.pushes.find(id);
      if (record === undefined) throw new InputError("There is no such push.");
      return start(record, appOf(record.appName), callbackUrl);
    },
    verifyCallback: (appName) => verifyCallback(appOf(appName), world),
    changeApp(appName, change) {
      const app = appOf(appName);
      const before = app.corpSecret;
      world.apps.change(appName, change);
      // What was fetched with the old secret is worth nothing any more.
      if (app.corpSecret !== before) world.tokens.revoke(appName);
      world.feed.publish({ topic: "apps", app: appName });
      return app;
    },
    setUser(user) {
      const member = world.directory.set(user);
      world.feed.publish({ topic: "users" });
      return member;
    },
    setGroup: ({ kind, corpId, id, userIds }) => world.directory.setGroup(kind, corpId, id, userIds),
    setFaults(rules) {
      world.faults.set(rules);
      world.feed.publish({ topic: "faults" });
    },
    revokeTokens: (appName) => world.tokens.revoke(appName),
    expireTokens: (appName) => world.tokens.expire(appName),
    advanceClock: (ms) => world.clock.advance(ms),
    callbackPolicy: () => policy.get(),
    setCallbackPolicy: (change) => policy.change(change),
    reset() {
      policy.reset();
      world.reset();
    },
  };
}

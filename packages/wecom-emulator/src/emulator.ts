import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createCallbackPolicy } from "./callback/callback-policy.ts";
import { createPusher } from "./callback/pusher.ts";
import type { VerifyResult } from "./callback/verify-callback.ts";
import type { Controls, PushInput } from "./controls.ts";
import { createControls } from "./controls.ts";
import { createEmulatorApp } from "./emulator-app.ts";
import type { ApiCallRecord } from "./state/call-log.ts";
import type { Change } from "./state/change-feed.ts";
import type { FaultRuleState } from "./state/faults.ts";
import type { StoredMedia } from "./state/media-store.ts";
import type { SentMessage } from "./state/message-log.ts";
import type { PushRecord } from "./state/push-log.ts";
import type { CallbackPolicy } from "./types.ts";
import type { ChatItem } from "./view/chat.ts";
import { chatOf } from "./view/chat.ts";
import type { WorldInput } from "./world.ts";
import { createWorld } from "./world.ts";

export interface EmulatorOptions extends WorldInput {
  /** How callbacks are pushed; WeCom's 5 s and three attempts unless told otherwise. */
  readonly callbackPolicy?: Partial<CallbackPolicy>;
  /** Pushes under way at the same time; more wait. */
  readonly maxConcurrentPushes?: number;
  /** Told of a request that failed by a fault of the emulator itself. */
  readonly onError?: (error: unknown) => void;
}

export interface Filter {
  readonly app?: string;
  readonly user?: string;
}

/** WeCom in a box: its API, its callbacks, its limits, and a hand on all of its moods. */
export interface Emulator extends Omit<Controls, "startPush" | "repeatPush"> {
  /** Loopback and a free port unless told otherwise. */
  listen(address?: { host?: string; port?: number }): Promise<{ url: string; port: number }>;
  /** Ends pushes and hung calls, and frees the port. */
  close(): Promise<void>;
  /** Resolves when the push is acknowledged, refused or lost. */
  push(input: PushInput): Promise<PushRecord>;
  pushText(input: Omit<PushInput, "content"> & { text: string }): Promise<PushRecord>;
  repeatPush(id: string, options?: { callbackUrl?: string }): Promise<PushRecord>;
  verifyCallback(appName: string): Promise<VerifyResult>;
  /** Every message that was answered with success, whoever saw it. Oldest first, as all the lists here. */
  sent(filter?: Filter): readonly SentMessage[];
  /** What the member has on the screen: delivered, not recalled. */
  seen(filter: { app: string; user: string }): readonly SentMessage[];
  chat(filter: { app: string; user: string; limit?: number }): readonly ChatItem[];
  pushes(filter?: Filter): readonly PushRecord[];
  calls(filter?: { path?: string; app?: string }): readonly ApiCallRecord[];
  /** Calls per path, exact also when the list has forgotten the oldest. */
  callCounts(): Readonly<Record<string, number>>;
  faults(): readonly FaultRuleState[];
  media(mediaId: string): StoredMedia | undefined;
  /** A file that a member has, to be pushed as an image, voice, video or file. */
  addMedia(media: Omit<StoredMedia, "mediaId" | "createdAtMs">): StoredMedia;
  /** Returns the function that ends the subscription. */
  subscribe(listener: (change: Change) => void): () => void;
}

function listenOn(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      if (typeof address === "object" && address !== null) resolve(address);
      else reject(new Error("The server has no address."));
    });
  });
}

function urlOf(host: string, port: number): string {
  const reachable = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
}

export function createEmulator(options: EmulatorOptions): Emulator {
  const world = createWorld(options);
  const policy = createCallbackPolicy(options.callbackPolicy ?? {});
  const pusher = createPusher({
    world,
    policy: policy.get,
    maxConcurrent: options.maxConcurrentPushes ?? 256,
  });
  const controls = createControls({ world, pusher, policy });
  const server = createServer(createEmulatorApp(world, controls, options.onError ?? (() => undefined)));
  // Longer than clients keep idle connections, so that no request meets a closing one.
  server.keepAliveTimeout = 75_000;

  const sent: Emulator["sent"] = ({ app, user } = {}) => world.messages.list({ appName: app, userId: user });
  const push: Emulator["push"] = (input) => controls.startPush(input).settled;

  return {
    ...controls,
    async listen({ host = "127.0.0.1", port = 0 } = {}) {
      const address = await listenOn(server, host, port);
      return { url: urlOf(host, address.port), port: address.port };
    },
    async close() {
      pusher.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
    push: async (input) => push(input),
    pushText: async ({ text, ...input }) => push({ ...input, content: { type: "text", content: text } }),
    repeatPush: async (id, repeat) => controls.repeatPush(id, repeat).settled,
    sent,
    seen: ({ app, user }) =>
      sent({ app, user }).filter((message) => {
        const receiver = message.receivers.find(({ userId }) => userId.toLowerCase() === user.toLowerCase());
        return receiver?.status === "delivered" && message.recalledAtMs === undefined;
      }),
    chat: ({ app, user, limit = 1000 }) => chatOf(world, { appName: app, userId: user, limit }),
    pushes: ({ app, user } = {}) => world.pushes.list({ appName: app, userId: user }),
    calls: ({ path, app } = {}) => world.calls.list({ path, appName: app }),
    callCounts: () => world.calls.counts(),
    faults: () => world.faults.state(),
    media: (mediaId) => world.media.peek(mediaId),
    addMedia: (media) => world.media.add(media),
    subscribe: (listener) => world.feed.subscribe(listener),
  };
}

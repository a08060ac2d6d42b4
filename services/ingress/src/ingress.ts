import type { Acceptor } from "@gateway/conversation";
import type { Gatekeeper } from "@gateway/conversation/access";
import type { Express } from "express";
import type { Logger } from "pino";
import { createAcceptCallback } from "./accept-callback.ts";
import { createCheckAccess } from "./access/check-access.ts";
import type { AppSettings } from "./app-directory.ts";
import { createLiveAppDirectory } from "./app-directory.ts";
import type { Clock } from "./clock.ts";
import { createApp, createListener } from "./http/create-app.ts";
import { createAnswerReady, createReadiness } from "./http/probes.ts";
import type { AgentCallbackDeps } from "./http/receive-agent-callback.ts";
import { createReceiveAgentCallback } from "./http/receive-agent-callback.ts";
import type { AckTiming, RequestHandler } from "./http/receive-callback.ts";
import { createReceiveCallback, DEFAULT_ACK_TIMING } from "./http/receive-callback.ts";
import type { ServerLimits } from "./http/server.ts";
import { createHttpServer, DEFAULT_SERVER_LIMITS } from "./http/server.ts";
import { createVerifyUrl } from "./http/verify-url.ts";
import type { ObserveOutcome } from "./observation.ts";
import { createOutcomeLog } from "./outcome-log.ts";
import { createSearchBudget } from "./search-budget.ts";
import { createMessageStore } from "./store-message.ts";

export interface IngressDeps {
  readonly apps: readonly AppSettings[];
  /** Path of the callback URL, for example `/wecom/callback`. */
  readonly callbackPath: string;
  /** Width of the freshness window on either side; 0 turns it off. */
  readonly maxSkewSeconds: number;
  readonly acceptor: Pick<Acceptor, "accept">;
  /** Asked about senders who are on no list. */
  readonly gatekeeper: Pick<Gatekeeper, "ask">;
  /** Where agents answer later; undefined: nowhere. */
  readonly agents?: AgentCallbackDeps;
  /** Resolves when Redis answers. */
  readonly ping: () => Promise<unknown>;
  readonly logger: Pick<Logger, "info" | "warn" | "error">;
  readonly clock: Clock;
  /** On the clock that all processes share, which WeCom's and agents' timestamps are compared with; our own where there is none. */
  readonly sharedTimeOf?: (ownMs: number) => number;
  readonly timing?: AckTiming;
  readonly limits?: Partial<ServerLimits>;
  /** Called once per handshake, callback or agent's callback, after the log line: the place for counters. Must not throw. */
  readonly onOutcome?: ObserveOutcome;
  /** Put around the handler of callbacks: the place for tracing. */
  readonly aroundCallback?: (handler: RequestHandler) => RequestHandler;
}

export interface Ingress {
  readonly app: Express;
  /** Port 0 takes a free one. Resolves with the port. */
  listen(port: number, host?: string): Promise<number>;
  /** Other apps from the next request on. @throws when an app's keys cannot be used; then nothing changes. */
  replaceApps(apps: readonly AppSettings[]): void;
  /** Stops accepting, lets requests in flight finish. */
  close(): Promise<void>;
}

/** @throws when an app's keys cannot be used; names the app. */
export function createIngress(deps: IngressDeps): Ingress {
  const { clock, logger, timing = DEFAULT_ACK_TIMING, sharedTimeOf = (ownMs) => ownMs } = deps;
  const now = () => sharedTimeOf(clock.now());
  const directory = createLiveAppDirectory(deps.apps);
  const outcomeLog = createOutcomeLog({ logger, clock });
  const observe: ObserveOutcome = (observation) => {
    outcomeLog.observe(observation);
    deps.onOutcome?.(observation);
  };
  const redisDeps = { clock, retryEveryMs: timing.retryEveryMs };
  const store = createMessageStore({ acceptor: deps.acceptor, ...redisDeps });
  const checkAccess = createCheckAccess({ gatekeeper: deps.gatekeeper, ...redisDeps });
  const searchBudget = createSearchBudget();
  const { maxSkewSeconds } = deps;
  const acceptCallback = createAcceptCallback({
    directory,
    searchBudget,
    maxSkewSeconds,
    checkAccess,
    store,
    sharedTimeOf,
  });
  const handler = createReceiveCallback({ acceptCallback, clock, timing, observe });
  const receiveCallback = deps.aroundCallback?.(handler) ?? handler;
  const checkReadiness = createReadiness({ ping: deps.ping, clock, isDraining: () => server.isDraining() });
  const app = createApp({
    callbackPath: deps.callbackPath,
    verifyUrl: createVerifyUrl({ directory, searchBudget, clock, now, observe }),
    receiveCallback,
    answerReady: createAnswerReady(checkReadiness),
    receiveAgentCallback:
      deps.agents === undefined
        ? undefined
        : createReceiveAgentCallback({ ...deps.agents, clock, now, observe }),
    logger,
  });
  const listener = createListener(app, { callbackPath: deps.callbackPath, receiveCallback, logger });
  const limits = { ...DEFAULT_SERVER_LIMITS, ...deps.limits };
  const server = createHttpServer({ listener, limits, clock });

  return {
    app,
    listen: server.listen,
    replaceApps: directory.replace,
    async close() {
      await server.drain();
      outcomeLog.flush();
    },
  };
}

import type { CallbackKeys } from "@gateway/wecom-client/callback";

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";

/** What answers a turn. `demo` needs no model and no network. */
export type RunnerConfig =
  | { readonly kind: "demo" }
  | {
      readonly kind: "command";
      /** Program and arguments, as given to spawn; no shell is involved. */
      readonly command: readonly [string, ...string[]];
      /** Names of the environment variables that the agent gets to see. Nothing else of ours reaches it. */
      readonly env: readonly string[];
      readonly timeoutMs: number;
    };

/** One self-built app of one corp. */
export interface AppConfig {
  /** Unique; what logs and the console call this app. */
  readonly name: string;
  readonly corpId: string;
  /** Digits, without leading zeros. */
  readonly agentId: string;
  readonly corpSecret: string;
  /** One or two live key sets: during a rotation both the old and the new one are accepted. */
  readonly keys: readonly [CallbackKeys, ...CallbackKeys[]];
  /** No trailing slash. */
  readonly apiBaseUrl: string;
  readonly httpProxy?: string;
  /** User ids, `corp:user` for a user of one corp only, `*` for everybody. */
  readonly allowedUsers: readonly string[];
  readonly allowAllUsers: boolean;
  /** Always allowed; may use the commands for administrators. */
  readonly adminUsers: readonly string[];
  /** People without access get a code with which an administrator can let them in. */
  readonly pairing: boolean;
  /** People without access are told so, at most once a day. */
  readonly denyNotice: boolean;
  readonly runner: RunnerConfig;
}

export interface GatewayConfig {
  readonly apps: readonly AppConfig[];
  /** Where ingress listens. Without a host: all addresses, IPv6 and IPv4. */
  readonly http: { readonly host?: string; readonly port: number; readonly path: string };
  readonly redis: { readonly url: string; readonly prefix: string };
  /** How far a callback's timestamp may be from our clock; 0 turns the check off. */
  readonly maxSkewSeconds: number;
  readonly logLevel: LogLevel;
  readonly worker: {
    /** Turns at the same time in one process. */
    readonly concurrency: number;
    /** How often one message may be given to the agent when its runs are cut off. */
    readonly maxAttempts: number;
    readonly drainMs: number;
    readonly deadAfterMs: number;
    /** Messages that follow each other within quietMs are one turn, which waits capMs for more at most. */
    readonly batch: { readonly quietMs: number; readonly capMs: number };
    /** Where /health and /ready are served. */
    readonly health: { readonly host: string; readonly port: number };
  };
  readonly console: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly password?: string;
  };
  /** Plain sentences for the operator: log each of them once at start. */
  readonly warnings: readonly string[];
}

/** The variables of a process, passed in by its main file. */
export type Environment = Readonly<Record<string, string | undefined>>;

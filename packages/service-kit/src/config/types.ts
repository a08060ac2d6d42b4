import type { CallbackKeys } from "@gateway/wecom-client/callback";
import type { RunnerConfig } from "./runners/runner-config.ts";

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";

/** What becomes of a message that arrives while the agent runs. */
export type BusyMode = "queue" | "steer" | "interrupt";

/** The language in which the gateway itself speaks to people. */
export type Language = "zh-CN" | "en";

/** How replies are written, and what becomes of those that meet trouble. */
export interface ReplySettings {
  /** text: plain text that every reader shows well. auto: markdown where it shows the whole reply as meant. */
  readonly format: "text" | "markdown" | "auto";
  /** "(2/5)" before each of several parts. */
  readonly number: boolean;
  /** A part of which nobody knows whether it arrived, once a second sending could be seen twice. */
  readonly unknownOutcome: "dead-letter" | "resend-marked";
  /** A reply that could not be sent for a day. */
  readonly late: "dead-letter" | "send-marked";
  /** Accounts of the corp; WeCom lets an app send 200 messages a day for each. Not set: the day is not counted. */
  readonly accounts?: number;
}

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
  /** Long runs and approvals are shown as cards with buttons. People who use the WeChat plugin see no cards. */
  readonly cards: boolean;
  /** Administrators may decide what other people's agents ask for. */
  readonly adminsApprove: boolean;
  readonly language: Language;
  /** Path of a file that replaces some of the gateway's own texts. */
  readonly textsFile?: string;
  readonly busyMode: BusyMode;
  /** What a menu item's key stands for: a command or a text for the agent. */
  readonly menu: Readonly<Record<string, string>>;
  /** Said once a day to a person who opens the app. */
  readonly welcome?: string;
  readonly replies: ReplySettings;
  readonly media: MediaConfig;
  readonly runner: RunnerConfig;
}

/** Files that go out with an agent's replies. */
export interface MediaConfig {
  /** Absolute paths of directories of which agents may send files. */
  readonly dirs: readonly string[];
  /** Pictures that a reply shows by their address are downloaded, from the public internet only, and sent. */
  readonly urls: boolean;
  /** A reply of more messages than this goes as one file; 0 for never. */
  readonly wholeAfterChunks: number;
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
    /** When a person is told that work goes on, in seconds after the start; the last interval repeats. */
    readonly noticeAfterSeconds: readonly number[];
    /** When a run gets its card, where the app shows cards, in seconds after its start. */
    readonly cardAfterSeconds: number;
    /** A run without a sign of life for this long is stopped. */
    readonly idleMs: number;
    /** How long an agent's request waits for the person. */
    readonly approvalMs: number;
    readonly session: {
      /** Silence after which a new session begins; 0 for never. */
      readonly idleMs: number;
      /** Local hour at which sessions begin anew. */
      readonly dailyHour?: number;
    };
    readonly media: {
      /** Where files of messages and replies are kept for a while. */
      readonly dir: string;
      readonly keepMs: number;
      /** An OpenAI-compatible transcription endpoint. Without it, people who speak are asked to write. */
      readonly voice?: { readonly url: string; readonly apiKey?: string; readonly model: string };
    };
    /** Under which this worker is found again after a restart. */
    readonly name: string;
    /** Where agents that run as processes of ours keep what they know and make. */
    readonly workspaces: {
      readonly dir: string;
      /** All workers see the same directory. */
      readonly shared: boolean;
      /** Of one person's agent. */
      readonly limitBytes: number;
      /** Processes at the same time, idle ones included. */
      readonly maxProcesses: number;
    };
    /** Where /health and /ready are served. */
    readonly health: { readonly host: string; readonly port: number };
  };
  readonly console: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly password?: string;
    /** What the HTTP API asks for; without one there is no API. */
    readonly apiToken?: string;
    /** Whose word counts for where a request comes from: addresses, networks, or names of express's. */
    readonly trustedProxies: readonly string[];
    /** Pages show what people and agents wrote. */
    readonly showContent: boolean;
  };
  /** Where /metrics is served, apart from everything else; without it there are none. */
  readonly metrics?: { readonly host: string; readonly port: number };
  /** Where traces go; without it there are none. */
  readonly tracing?: { readonly endpoint: string; readonly headers: Readonly<Record<string, string>> };
  /** Plain sentences for the operator: log each of them once at start. */
  readonly warnings: readonly string[];
}

/** The variables of a process, passed in by its main file. */
export type Environment = Readonly<Record<string, string | undefined>>;

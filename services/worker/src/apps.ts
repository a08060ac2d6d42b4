import type { BusyMode, ConversationRef } from "@gateway/conversation";
import type { Texts } from "@gateway/texts";
import type { WecomClient } from "@gateway/wecom-client";
import type { ReplyOptions } from "./delivery/reply-options.ts";
import type { MediaOptions } from "./media/out/prepare-files.ts";
import type { AgentRunner } from "./runners/runner.ts";

/** An app as the worker uses it: whom it speaks through, what answers, in which language the gateway itself speaks. */
export interface WorkerApp {
  readonly name: string;
  readonly client: Pick<
    WecomClient,
    | "sendMessageBytes"
    | "sendAppChatBytes"
    | "recallMessage"
    | "updateTemplateCard"
    | "uploadMedia"
    | "downloadMedia"
  >;
  readonly runner: AgentRunner;
  readonly texts: Texts;
  /** What becomes of a message that arrives while the agent runs, unless the person chose otherwise. */
  readonly busyMode: BusyMode;
  readonly isAdmin: (userId: string) => boolean;
  /** What a menu item's key stands for: a command ("/stop") or a text for the agent. */
  readonly menu?: Readonly<Record<string, string>>;
  /** Said when a person opens the app, at most once per period. */
  readonly welcome?: { readonly text: string; readonly everyHours: number };
  /** People without access are given a code. */
  readonly pairing: boolean;
  /** People without access are told so. */
  readonly denyNotice: boolean;
  /** Long runs and approvals are shown as cards with buttons. */
  readonly cards?: boolean;
  /** Administrators may decide what other people's agents ask for. */
  readonly adminsApprove?: boolean;
  /** Default: readable plain text, and what cannot be sent for certain is set aside. */
  readonly replies?: ReplyOptions;
  /** Default: agents send no files of the machine. */
  readonly media?: MediaOptions;
}

export interface WorkerApps {
  /** The app that a conversation belongs to: corp and agent, never a guess. */
  find(ref: Pick<ConversationRef, "corpId" | "agentId">): WorkerApp | undefined;
  /** The configuration may change: ask again rather than keep the answer. */
  readonly all: readonly WorkerApp[];
}

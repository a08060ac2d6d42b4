import type { Readable } from "node:stream";
import type { z } from "zod";
import type { messageBodySchema } from "./message-schema.ts";
import type { templateCardSchema } from "./template-card-schema.ts";

/** One of the five template cards, with WeCom's own field names (WeCom doc 90236). */
export type TemplateCard = z.infer<typeof templateCardSchema>;

/** What a message says: `msgtype` and the field of that name, as WeCom documents it (WeCom doc 90236). */
export type MessageBody = z.infer<typeof messageBodySchema>;
export type MessageType = MessageBody["msgtype"];

/** At least one receiver. `users: "@all"` is everybody in the app's visible range; the rest is then ignored. */
export interface Recipients {
  /** At most 1000. */
  readonly users?: readonly string[] | "@all";
  /** At most 100 department ids. */
  readonly parties?: readonly string[];
  /** At most 100 tag ids. */
  readonly tags?: readonly string[];
}

export interface SendOptions {
  readonly to: Recipients;
  /** 1: no forwarding, watermarked. 2: may be shared inside the corp, mpnews only. */
  readonly safe?: 0 | 1 | 2;
  /** Replace `$userName=ID$` and the like. */
  readonly translateIds?: boolean;
  /** WeCom suppresses the same request bytes for this long, 1 to 14400 s. What it then answers is undocumented. */
  readonly duplicateCheckSeconds?: number;
}

export type SendMessageRequest = SendOptions & MessageBody;

export interface SendMessageResult {
  /** For recallMessage, good for 24 hours. "" when WeCom gave none. */
  readonly msgId: string;
  /** For updateTemplateCard: interactive cards and cards with an action menu only, once, within 72 hours. */
  readonly responseCode?: string;
  /**
   * Receivers that do not exist or are outside the visible range; the others got the message. WeCom answers
   * ids in lower case: those named in the request are given back as they were written there.
   */
  readonly invalidUsers: string[];
  readonly invalidParties: string[];
  readonly invalidTags: string[];
  /** Members without the interface licence the app needs. */
  readonly unlicensedUsers: string[];
}

export interface UpdateTemplateCardRequest {
  readonly userIds?: readonly string[];
  readonly partyIds?: readonly string[];
  readonly tagIds?: readonly string[];
  readonly atAll?: boolean;
  /** From the answer to the send, or from the latest card event. Each works once, for 72 hours. */
  readonly responseCode: string;
  /**
   * Greys the buttons out under this text, puts a new card in the old one's place, or both: with a text the new card's
   * buttons are grey from the start (`replace_text`).
   */
  readonly change:
    | { readonly buttonText: string }
    | { readonly card: TemplateCard; readonly buttonText?: string };
}

export type MediaType = "image" | "voice" | "video" | "file";

export interface UploadMediaRequest {
  readonly type: MediaType;
  /** Shown to the user. Made safe for the request: no path, quotes or control characters. */
  readonly filename: string;
  /** Default application/octet-stream. */
  readonly contentType?: string;
  /** A function is called once per attempt; a stream can be read only once, so a stale token then fails the call. */
  readonly content: Buffer | Readable | (() => Readable);
  /** Exactly what `content` yields. */
  readonly sizeBytes: number;
}

export interface UploadedMedia {
  /** Good for three days, for every app of the corp. */
  readonly mediaId: string;
  readonly createdAtMs: number;
}

export interface DownloadedMedia {
  /** Safe as a file name: no path, no control characters, no leading dot, at most 150 bytes. */
  readonly filename: string;
  readonly contentType: string;
  readonly sizeBytes?: number;
  /** Fails with a WecomError when it is cut off or exceeds the limit. Read or destroy it. */
  readonly stream: Readable;
}

/** WeCom doc 96448. */
export interface AgentInfo {
  readonly agentId: string;
  readonly name: string;
  readonly description: string;
  readonly isClosed: boolean;
  readonly homeUrl: string;
  readonly redirectDomain: string;
  readonly allowedUserIds: readonly string[];
  readonly allowedPartyIds: readonly string[];
  readonly allowedTagIds: readonly string[];
}

/** WeCom doc 90196. Apps created since June 2022 see no more than this; even the name can be empty. */
export interface UserInfo {
  readonly userId: string;
  readonly name: string;
  readonly alias: string;
  readonly position: string;
  readonly departmentIds: readonly string[];
  /** 1 active, 2 disabled, 4 not activated, 5 left. */
  readonly status: number;
}

/** A group that the app creates (WeCom doc 90245). The app's visible range has to be the whole company. */
export interface CreateAppChatRequest {
  /** At most 50 characters. */
  readonly name: string;
  readonly owner: string;
  /** 2 to 2000, the owner among them. */
  readonly users: readonly string[];
  /** 1 to 32 letters and digits; WeCom makes one up without it. */
  readonly chatId?: string;
}

export interface AppChat {
  readonly chatId: string;
  readonly name: string;
  readonly owner: string;
  readonly userIds: readonly string[];
}

export interface WecomClient {
  /** Returns the group's id. */
  createAppChat(request: CreateAppChatRequest): Promise<string>;
  /** Only groups of this app. */
  getAppChat(chatId: string): Promise<AppChat>;
  /** Sends bytes of `encodeAppChatMessage`. There is no duplicate check and no msgid (WeCom doc 90248). */
  sendAppChatBytes(json: string): Promise<SendMessageResult>;
  /** Encodes, checks and sends. Never "unknown" for an invalid message: it is refused before the call. */
  sendMessage(request: SendMessageRequest): Promise<SendMessageResult>;
  /** Sends bytes of `encodeMessage` as they are. They are checked, and have to be for this client's own agent. */
  sendMessageBytes(json: string): Promise<SendMessageResult>;
  /** Within 24 hours, by the app that sent it. Copies on the WeChat side stay. */
  recallMessage(msgId: string): Promise<void>;
  updateTemplateCard(request: UpdateTemplateCardRequest): Promise<void>;
  uploadMedia(request: UploadMediaRequest): Promise<UploadedMedia>;
  /** Refuses media over `limitBytes`, at once when WeCom names the size, else when it is reached. */
  downloadMedia(mediaId: string, options: { readonly limitBytes: number }): Promise<DownloadedMedia>;
  getAgent(): Promise<AgentInfo>;
  getUser(userId: string): Promise<UserInfo>;
  /** Where callbacks come from: addresses, and patterns like "101.226.103.*". Never a replacement for signatures. */
  getCallbackIps(): Promise<string[]>;
  /** Addresses of WeCom's API, for an egress firewall. */
  getApiDomainIps(): Promise<string[]>;
  /** Closes kept connections. Calls under way still end. */
  close(): Promise<void>;
}

/** A button of an app's menu as `menu/create` takes it (WeCom doc 90231). */
export interface MenuButton {
  readonly name: string;
  readonly type?: string | undefined;
  readonly key?: string | undefined;
  readonly url?: string | undefined;
  readonly sub_button?: readonly MenuButton[] | undefined;
}

/** One self-built app of one corp, with everything both sides have to agree on. */
export interface EmulatorApp {
  /** Unique name; the control API and the chat page speak of the app by it. */
  readonly name: string;
  readonly corpId: string;
  readonly agentId: string;
  readonly corpSecret: string;
  readonly token: string;
  readonly encodingAesKey: string;
  readonly callbackUrl: string;
  readonly menu?: readonly MenuButton[];
}

/** How a member stands towards the corp and the app. Everything but `visible` makes sends to the member fail. */
export type MemberState = "visible" | "outside" | "missing" | "unlicensed";

export type MediaType = "image" | "voice" | "video" | "file";

/** Which answers other than 200 make WeCom push again; its documents disagree, so it is a setting. */
export type NonOkRetry = "never" | "server_errors" | "always";

export interface CallbackPolicy {
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly retryDelayMs: number;
  readonly nonOkRetry: NonOkRetry;
  /** Push the very same bytes and nonce again instead of sealing the message anew. */
  readonly sameEnvelope: boolean;
}

/** What the emulator keeps at most; the oldest goes first. */
export interface Retention {
  readonly messages: number;
  readonly messageBytes: number;
  readonly pushes: number;
  readonly calls: number;
  readonly mediaBytes: number;
  readonly tokens: number;
  readonly members: number;
}

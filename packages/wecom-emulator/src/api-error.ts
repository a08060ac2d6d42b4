/** Texts of the codes that the emulator answers with (WeCom doc 90313). */
const TEXTS: Readonly<Record<number, string>> = {
  [-1]: "system busy",
  40001: "invalid credential",
  40003: "invalid userid",
  40004: "invalid media type",
  40005: "invalid type parameter",
  40006: "invalid file size",
  40007: "invalid media_id",
  40008: "invalid message type",
  40013: "invalid corpid",
  40014: "invalid access_token",
  40032: "invalid userid list size",
  40033: "invalid request character",
  40039: "invalid url length",
  40056: "invalid agentid",
  40058: "invalid request parameter",
  40063: "some parameters are empty",
  40074: "news does not support safe",
  40094: "invalid url",
  40123: "invalid image format",
  41001: "access_token missing",
  41004: "corpsecret missing",
  41006: "media_id missing",
  41009: "userid missing",
  41011: "agentid missing",
  41016: "title missing",
  41033: "description missing",
  42001: "access_token expired",
  42052: "msgid expired",
  43012: "callback url required",
  44001: "empty media data",
  44004: "text content is empty",
  45001: "media size out of limit",
  45002: "content size out of limit",
  45007: "playtime out of limit",
  45008: "article count out of limit",
  45009: "api freq out of limit",
  45032: "author size out of limit",
  45033: "api concurrent out of limit",
  46003: "menu not set",
  48002: "api forbidden",
  50003: "app is disabled",
  60011: "no privilege to access/modify contact/party/agent",
  60020: "not allow to access from your ip",
  60111: "userid not found",
  60140: "response_code invalid or used",
  81013: "user & party & tag all invalid",
  82001: "all empty receivers",
  82002: "too many parties",
  82003: "too many tags",
  86001: "invalid chatid",
  86003: "chatid not exist",
  86004: "chat name too long",
  86006: "invalid chat member count",
  86008: "no permission of this chat",
  86201: "chatid missing",
  86215: "chatid exists",
  86216: "invalid chat member",
  301002: "no permission of this agentid",
  830002: "file too large, use Range",
};

/** A refusal in WeCom's words: HTTP 200 with this `errcode`. `detail` says what exactly was wrong. */
export class ApiError extends Error {
  readonly errcode: number;

  constructor(errcode: number, detail?: string) {
    super(detail === undefined ? errorText(errcode) : `${errorText(errcode)}: ${detail}`);
    this.name = "ApiError";
    this.errcode = errcode;
  }
}

export function errorText(errcode: number): string {
  return TEXTS[errcode] ?? "request refused";
}

/** `errmsg` as WeCom writes it: the hint changes with every answer, so nobody can match on it. */
export function errorMessage(
  text: string,
  context: { nowMs: number; ip: string; errcode: number; hintId: string },
): string {
  const seconds = Math.floor(context.nowMs / 1000);
  const more = `https://open.work.weixin.qq.com/devtool/query?e=${context.errcode}`;
  return `${text}, hint: [${seconds}_${context.hintId}], from ip: ${context.ip}, more info at ${more}`;
}

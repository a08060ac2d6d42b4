import type { World } from "../world.ts";

/** A request to the API, before anybody has looked into it. */
export interface ApiCall {
  /** Below /cgi-bin, such as `message/send`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  /** The body was longer than anything the API takes, and was not read. */
  readonly bodyTooLarge: boolean;
  readonly contentType: string;
  readonly range: string | undefined;
  readonly ip: string;
  /** The scripted fault that will spoil the answer although the call is carried out. */
  readonly fault?: string | undefined;
}

export type ApiAnswer =
  | { readonly kind: "json"; readonly body: Readonly<Record<string, unknown>> }
  | {
      readonly kind: "binary";
      readonly status: 200 | 206;
      readonly headers: Readonly<Record<string, string>>;
      readonly content: Buffer;
    };

/** One endpoint. Refuses by throwing an ApiError. */
export type ApiHandler = (call: ApiCall, world: World) => ApiAnswer;

export function json(body: Readonly<Record<string, unknown>>): ApiAnswer {
  return { kind: "json", body };
}

/** Success with nothing more to say. */
export function ok(fields: Readonly<Record<string, unknown>> = {}): ApiAnswer {
  return json({ errcode: 0, errmsg: "ok", ...fields });
}

import type { AccessTokens } from "./access-tokens.ts";
import type { Answer } from "./answer.ts";
import { expectOk } from "./answer.ts";
import { isTokenErrcode } from "./errcodes.ts";
import { WecomError } from "./errors.ts";
import type { WecomLogger } from "./logger.ts";
import type { Transport, TransportRequest } from "./transport.ts";

/** Calls with this app's access token. */
export interface WecomApi {
  readonly app: { readonly corpId: string; readonly agentId: string };
  readonly appName: string;
  readonly transport: Transport;
  readonly timeoutMs: number;
  get(api: string, query?: Readonly<Record<string, string>>): Promise<Answer>;
  postJson(api: string, json: string, options: { readonly repeatable: boolean }): Promise<Answer>;
  /**
   * Runs `call` with the token, and once more with a fresh one when WeCom refuses the first
   * (40014, 42001, 40001): such a call was certainly not carried out.
   */
  withToken<Value>(call: (token: string) => Promise<Value>): Promise<Value>;
}

export function createApi(deps: {
  readonly app: { readonly corpId: string; readonly agentId: string };
  readonly transport: Transport;
  readonly tokens: AccessTokens;
  readonly logger: WecomLogger;
  readonly timeoutMs: number;
}): WecomApi {
  const { app, transport, tokens, logger, timeoutMs } = deps;
  const appName = `${app.corpId}/${app.agentId}`;

  const withToken: WecomApi["withToken"] = async (call) => {
    const token = await tokens.get();
    try {
      return await call(token);
    } catch (error) {
      if (!(error instanceof WecomError) || !isTokenErrcode(error.errcode)) throw error;
      await tokens.invalidate(token);
      if (error.code === "body_consumed") throw error;
      logger.info(
        { app: appName, api: error.api, errcode: error.errcode },
        "calling again with a fresh token",
      );
      return call(await tokens.get());
    }
  };

  const request = (input: Omit<TransportRequest, "query">, query: Readonly<Record<string, string>>) =>
    withToken(async (token) => {
      const answer = await transport.requestJson({ ...input, query: { ...query, access_token: token } });
      return expectOk(answer, { api: input.api, app: appName });
    });

  return {
    app,
    appName,
    transport,
    timeoutMs,
    withToken,
    get: (api, query = {}) => request({ api, repeatable: true }, query),
    postJson(api, json, { repeatable }) {
      const content = Buffer.from(json, "utf8");
      const body = { contentType: "application/json; charset=utf-8", content, sizeBytes: content.length };
      return request({ api, body, repeatable }, {});
    },
  };
}

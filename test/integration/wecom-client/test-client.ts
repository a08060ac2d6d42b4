import type { WecomClient } from "@gateway/wecom-client";
import { createWecomClient } from "@gateway/wecom-client";
import { startRedis } from "../../support/redis.ts";
import type { FakeWecom, ReceivedRequest } from "./fake-wecom.ts";
import { startFakeWecom } from "./fake-wecom.ts";

export const TOKEN = "CANARY-token-1234567890";
export const app = { corpId: "ww1", agentId: "1000002" };

export interface TestClient {
  readonly wecom: FakeWecom;
  readonly client: WecomClient;
  stop(): Promise<void>;
}

/** A client of a WeCom that gives a new token, with a number, each time. */
export async function startClient(): Promise<TestClient> {
  const redis = await startRedis();
  const wecom = await startFakeWecom();
  let tokens = 0;
  wecom.on("gettoken", () => ({ access_token: `${TOKEN}-${++tokens}`, expires_in: 7200 }));
  const client = createWecomClient({
    ...app,
    corpSecret: "the-secret",
    baseUrl: wecom.url,
    timeoutMs: 2000,
    redis: redis.client(),
    prefix: redis.prefix,
  });
  return {
    wecom,
    client,
    async stop() {
      await client.close();
      await wecom.stop();
      await redis.stop();
    },
  };
}

export const tokenOf = (request: ReceivedRequest | undefined) => request?.query.get("access_token");
/** The first token is not taken any more. */
export const expired = (request: ReceivedRequest) => tokenOf(request) === `${TOKEN}-1`;

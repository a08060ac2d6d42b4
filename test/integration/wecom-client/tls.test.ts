import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createWecomClient } from "@gateway/wecom-client";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { spawnProcess } from "../../support/process.ts";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import { TEST_CERTIFICATE, testIdentity } from "../../support/tls-identity.ts";
import { startFakeProxy } from "./fake-proxy.ts";
import type { FakeWecom } from "./fake-wecom.ts";
import { startFakeWecom } from "./fake-wecom.ts";

const SCRIPT = fileURLToPath(new URL("tls-process.mjs", import.meta.url));
let redis: TestRedis;
let wecom: FakeWecom;

beforeEach(async () => {
  redis = await startRedis();
  wecom = await startFakeWecom(testIdentity);
});

afterEach(async () => {
  await wecom.stop();
  await redis.stop();
});

/** Sends one message from a process that trusts the test's certificate, which Node reads at its start only. */
async function sendFromProcess(proxyUrl = ""): Promise<string> {
  const folder = await mkdtemp(join(process.env.TEST_RUN_DIR ?? tmpdir(), "tls-"));
  const ca = join(folder, "ca.pem");
  await writeFile(ca, TEST_CERTIFICATE);
  const child = spawnProcess({
    name: "tls-process",
    command: process.execPath,
    args: [SCRIPT, redis.url, redis.prefix, wecom.url, proxyUrl],
    env: { NODE_EXTRA_CA_CERTS: ca },
  });
  const [, outcome = ""] = await child.waitForLog(/outcome (.+)\n/, 60_000);
  await child.exited;
  return outcome;
}

describe("over TLS", () => {
  it("sends to a server whose certificate is trusted, directly and through a proxy", async () => {
    wecom.on("message/send", () => ({ errcode: 0, msgid: "m" }));
    expect(await sendFromProcess()).toBe("sent m");
    const proxy = await startFakeProxy();
    expect(await sendFromProcess(proxy.url)).toBe("sent m");
    expect(proxy.connects.at(-1)?.target).toBe(`127.0.0.1:${wecom.port}`);
    await proxy.stop();
  });

  it("does not know what became of a message when the connection is lost after the handshake", async () => {
    wecom.on("message/send", (_request, response) => void response.destroy());
    expect(await sendFromProcess()).toBe("unknown connection_lost");
    const proxy = await startFakeProxy();
    expect(await sendFromProcess(proxy.url)).toBe("unknown connection_lost");
    await proxy.stop();
  });

  it("sends nothing to a server whose certificate is not trusted", async () => {
    const options = {
      corpId: "ww1",
      agentId: "1",
      corpSecret: "s",
      prefix: redis.prefix,
      redis: redis.client(),
    };
    const client = createWecomClient({ ...options, baseUrl: wecom.url });
    const failure = client.getCallbackIps();
    await expect(failure).rejects.toMatchObject({ kind: "not_sent", code: "connect_failed" });
    await expect(failure).rejects.toThrow(/certificate/);
    expect(wecom.requests).toHaveLength(0);
    await client.close();
  });
});

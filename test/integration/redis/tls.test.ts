import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "@jest/globals";
import { freePort } from "../../../scripts/lib/ports.mjs";
import type { PrivateRedis } from "../../support/private-redis.ts";
import { startPrivateRedis } from "../../support/private-redis.ts";
import { createService } from "../../support/service.ts";
import type { Stack } from "../../support/stack.ts";
import { startStack } from "../../support/stack.ts";
import { TEST_CERTIFICATE, testIdentity } from "../../support/tls-identity.ts";
import { waitUntil } from "../../support/wait-until.ts";

// Retires the risk that a managed Redis, which wants TLS and a user of its own, cannot be used, or only without checks.

describe("a Redis behind TLS with an ACL user", () => {
  let redis: PrivateRedis | undefined;
  let stack: Stack | undefined;
  afterEach(async () => {
    await stack?.stop();
    await redis?.stop();
  });

  async function startRedisBehindTls() {
    const folder = await mkdtemp(join(process.env.TEST_RUN_DIR ?? tmpdir(), "redis-tls-"));
    const [certificate, key] = [join(folder, "redis.crt"), join(folder, "redis.key")];
    await writeFile(certificate, TEST_CERTIFICATE);
    await writeFile(key, String(testIdentity.key));
    const port = await freePort();
    redis = await startPrivateRedis({
      extraArgs: [
        ...["--tls-port", String(port), "--tls-cert-file", certificate, "--tls-key-file", key],
        ...["--tls-auth-clients", "no", "--tls-ca-cert-file", certificate],
        // What the documentation asks an operator to grant, and nothing else.
        ...[
          "--user",
          "gateway",
          "on",
          ">tls-canary-1",
          "~{tls}*",
          "&{tls}*",
          "+@all",
          "-@admin",
          "-@dangerous",
        ],
        ...["+info", "--user", "default", "off"],
      ],
    });
    return { certificate, url: `rediss://gateway:tls-canary-1@127.0.0.1:${port}` };
  }

  it("carries a message to its reply, with no more rights than the documentation asks for", async () => {
    const { url, certificate } = await startRedisBehindTls();
    const env = { REDIS_URL: url, REDIS_PREFIX: "{tls}", NODE_EXTRA_CA_CERTS: certificate };
    stack = await startStack({ env, console: true });
    const { emulator, logs } = stack;
    await emulator.pushText({ app: "main", user: "anna", text: "hello" });
    await emulator.pushText({ app: "main", user: "anna", text: "/status" });
    await waitUntil("both are answered", () => emulator.seen({ app: "main", user: "anna" }).length >= 2, {
      describe: logs,
    });
    expect(logs()).not.toMatch(/NOPERM|tls-canary-1/);
  });

  it("is refused while its certificate is not trusted, in words", async () => {
    const { url } = await startRedisBehindTls();
    stack = await startStack({ ingress: 0, workers: 0, env: { REDIS_URL: url } });
    const worker = await createService({
      service: "worker",
      portVariable: "WORKER_HEALTH_PORT",
      env: stack.env,
    });
    await expect(worker.start()).rejects.toThrow(/self-signed|certificate/i);
    expect(worker.logs()).not.toContain("tls-canary-1");
  });
});

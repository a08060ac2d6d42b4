import { describe, expect, it } from "@jest/globals";
import { makeApp } from "../../../scripts/lib/demo-apps.mjs";
import type { Stack } from "../../support/stack.ts";
import { startStack } from "../../support/stack.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { askDoctor } from "./ask-doctor.ts";
import type { LiveConfig } from "./live-config.ts";
import { openConfig } from "./live-config.ts";
import type { Traffic } from "./traffic.ts";
import { startTraffic } from "./traffic.ts";

// Retires the risk that keys and secrets are never rotated because it costs messages.

const APP = "main";
const NO_FAULT = { refused: [], answeredTwice: [] };

interface Running {
  readonly stack: Stack;
  readonly traffic: Traffic;
  readonly emulator: Stack["emulator"];
  readonly config: LiveConfig;
}

describe("under traffic, with two of each process", () => {
  /** A gateway of its own, since the tests run beside each other: they mostly wait until a file is looked at again. */
  const withTraffic = async (test: (of: Running) => Promise<void>) => {
    const stack = await startStack({
      ...{ ingress: 2, workers: 2, env: { TURN_QUIET_MS: "0" } },
      emulator: { callbackPolicy: { attempts: 1 } },
    });
    const traffic = startTraffic(stack);
    try {
      await test({ stack, traffic, emulator: stack.emulator, config: await openConfig(stack) });
    } finally {
      traffic.stop();
      await stack.stop();
    }
  };

  it.concurrent(
    "callback token and AES key are exchanged without a callback refused, a broken file in between",
    () =>
      withTraffic(async ({ traffic, emulator, config }) => {
        const next = makeApp({ name: APP, agentId: "1000002" });
        const newKeys = { token: next.token, encoding_aes_key: next.encoding_aes_key };
        await traffic.goOn(8);

        let oldKeys = {};
        await config.change((apps) =>
          apps.map((app) => {
            oldKeys = { token: app.token, encoding_aes_key: app.encoding_aes_key };
            return { ...app, additional_keys: [newKeys] };
          }),
        );
        await traffic.goOn(8);
        emulator.changeApp(APP, { token: next.token, encodingAesKey: next.encoding_aes_key });
        expect(await emulator.verifyCallback(APP)).toMatchObject({ ok: true });
        await traffic.goOn(8);
        await config.change((apps) =>
          apps.map((app) => ({ ...app, ...newKeys, additional_keys: [oldKeys] })),
        );
        await traffic.goOn(8);
        await config.spoil();
        await traffic.goOn(8);
        await config.change((apps) => apps.map(({ additional_keys: _, ...app }) => app));
        await traffic.goOn(8);
        expect(await traffic.end()).toMatchObject(NO_FAULT);
      }),
    120_000,
  );

  it.concurrent(
    "a secret that WeCom takes back before the file has the new one costs no reply, and one wrong request",
    () =>
      withTraffic(async ({ stack, traffic, emulator, config }) => {
        await traffic.goOn(10);
        const tokens = () => emulator.calls({ path: "gettoken" }).map(({ errcode }) => errcode);
        await waitUntil("a token is fetched", () => tokens().length > 0);

        const secret = makeApp({ name: APP, agentId: "1000002" }).corp_secret;
        emulator.changeApp(APP, { corpSecret: secret });
        await waitUntil("WeCom has refused the old secret", () => tokens().length > 1);
        await traffic.goOn(20);
        // Whoever looks into it asks for no token, however often.
        for (let look = 0; look < 3; look += 1) {
          const { findings } = await askDoctor(stack);
          expect(findings.find(({ check }) => check === "credentials")).toMatchObject({ status: "problem" });
        }
        expect(tokens()).toEqual([0, 40001]);
        await config.change((apps) => apps.map((app) => ({ ...app, corp_secret: secret })));
        await traffic.goOn(10);
        expect(await traffic.end(90_000)).toMatchObject(NO_FAULT);
        expect(tokens()).toEqual([0, 40001, 0]);
      }),
    180_000,
  );
});

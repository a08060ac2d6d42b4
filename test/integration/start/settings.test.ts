import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeAesKey } from "@gateway/wecom-client/callback";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { consolePassword, demoApps } from "../../../scripts/lib/demo-apps.mjs";
import { meansRealWecom, readSettings } from "../../../scripts/lib/environment.mjs";
import { nodeVersionProblem } from "../../../scripts/lib/node-version.mjs";
import { freePort, isPortFree, requireFreePorts } from "../../../scripts/lib/ports.mjs";
import { showLine } from "../../../scripts/lib/show-line.mjs";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "gateway-settings-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe("the settings of npm start", () => {
  it("come from .env, with the environment above it and empty values left out", () => {
    const file = join(dir, ".env");
    writeFileSync(
      file,
      'AGENT_RUNNER=command\nLOG_LEVEL=debug\nAGENT_COMMAND="python3 agent.py"\nREDIS_URL=\n',
    );
    expect(readSettings({ LOG_LEVEL: "warn", WECOM_CALLBACK_TOKEN: "  " }, file)).toEqual({
      AGENT_RUNNER: "command",
      LOG_LEVEL: "warn",
      AGENT_COMMAND: "python3 agent.py",
    });
  });

  it("need no .env", () => {
    expect(readSettings({ A: "1" }, join(dir, "missing"))).toEqual({ A: "1" });
  });

  it.each([
    ["a corp id alone", { WECOM_CALLBACK_CORP_ID: "ww1" }],
    ["a secret in a file", { WECOM_CALLBACK_CORP_SECRET_FILE: "/run/secrets/corp" }],
    ["a configuration file", { GATEWAY_CONFIG: "apps.yaml" }],
  ])("mean a real WeCom app with %s", (_what, settings) => {
    expect(meansRealWecom(settings as Record<string, string>)).toBe(true);
  });

  it("mean the demo without any of an app's settings", () => {
    expect(meansRealWecom({ AGENT_RUNNER: "demo", WECOM_CALLBACK_PORT: "9000" })).toBe(false);
  });
});

describe("what the demo makes up", () => {
  it("is what WeCom would hand out, is kept, and is nobody else's to read", () => {
    const file = join(dir, "state", "demo-apps.json");
    const apps = demoApps(file);
    expect(apps.map((app) => app.name)).toHaveLength(new Set(apps.map((app) => app.corp_id)).size);
    for (const app of apps) {
      expect(app.corp_id).toMatch(/^ww[0-9a-f]{16}$/);
      expect(app.token).toMatch(/^[A-Za-z0-9]{3,32}$/);
      expect(decodeAesKey(app.encoding_aes_key).secret).toMatchObject({ symmetricKeySize: 32 });
    }
    expect(demoApps(file)).toEqual(apps);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("differs from machine to machine", () => {
    expect(consolePassword(join(dir, "a"))).not.toBe(consolePassword(join(dir, "b")));
  });
});

describe("the check of Node's version", () => {
  it.each(["20.19.0", "20.20.2", "22.1.0", "24.0.0", "100.0.0"])("takes %s", (version) => {
    expect(nodeVersionProblem(version)).toBeUndefined();
  });
  it.each(["20.18.3", "18.20.8", "8.0.0"])("refuses %s and says what to do", (version) => {
    expect(nodeVersionProblem(version)).toMatch(/needs 20\.19 or newer.*\n.*Install/);
  });
});

describe("the check of ports", () => {
  it("names the taken port, who needs it and the setting that moves it", async () => {
    const port = await freePort();
    expect(await isPortFree(port)).toBe(true);
    const server = createServer().listen(port, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    try {
      await expect(
        requireFreePorts([{ name: "ingress", variable: "WECOM_CALLBACK_PORT", port }]),
      ).rejects.toThrow(new RegExp(`Port ${port} is taken, and ingress needs it.*WECOM_CALLBACK_PORT=`));
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
    await requireFreePorts([{ name: "ingress", variable: "WECOM_CALLBACK_PORT", port }]);
  });
});

describe("log lines", () => {
  it("become sentences with their fields behind them", () => {
    const line = JSON.stringify({
      level: "warn",
      time: 1,
      pid: 2,
      service: "ingress",
      msg: "refused",
      code: "x",
      n: 1,
    });
    expect(showLine("ingress", line)).toBe("ingress  │ warning: refused  (code=x, n=1)");
  });
  it.each(["plain words", '{"broken', '{"no":"message"}'])("that are none stay as they are: %s", (line) => {
    expect(showLine("worker", line)).toBe(`worker   │ ${line}`);
  });
});

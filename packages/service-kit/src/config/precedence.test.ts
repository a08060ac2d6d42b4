// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders of the configuration file look the same
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { configErrorOf } from "../testing/config-faults.ts";
import { SAMPLE_AES_KEY, SAMPLE_APP, SAMPLE_SECRET } from "../testing/sample-settings.ts";
import { createTempFiles } from "../testing/temp-files.ts";
import { loadGatewayConfig } from "./load-gateway-config.ts";

describe("environment and file together", () => {
  let files: ReturnType<typeof createTempFiles>;
  beforeEach(() => {
    files = createTempFiles();
  });
  afterEach(() => files.remove());

  function file(options: string, entry: string, agentId = "7"): { GATEWAY_CONFIG: string } {
    const credentials = `corp_secret: ${SAMPLE_SECRET}, token: t, encoding_aes_key: ${SAMPLE_AES_KEY}`;
    const app = `{name: filed, corp_id: ww0123456789abcdef, agent_id: ${agentId}, ${credentials}${after(entry)}}`;
    const content = `platforms: {wecom_callback: {extra: {apps: [${app}]${after(options)}}}}`;
    return { GATEWAY_CONFIG: files.write("config.yaml", content) };
  }

  it("lets the environment say where to listen", () => {
    const env = { ...file("host: 10.0.0.1, port: 1, path: /file", ""), WECOM_CALLBACK_PORT: "2" };
    expect(loadGatewayConfig(env).http).toEqual({ host: "10.0.0.1", port: 2, path: "/file" });
  });

  it("adds the app of the environment as one more, named default", () => {
    const config = loadGatewayConfig({ ...SAMPLE_APP, ...file("", "") });
    expect(config.apps.map(({ name, agentId }) => [name, agentId])).toEqual([
      ["filed", "7"],
      ["default", "1000002"],
    ]);
  });

  it("refuses an app in both places", () => {
    const error = configErrorOf({ ...SAMPLE_APP, ...file("", "", "1000002") });
    expect(error.message).toContain(
      'WECOM_CALLBACK_CORP_ID: corp "ww0123456789abcdef" with agent "1000002" is the app of',
    );
    expect(error.message).toContain("platforms.wecom_callback.extra.apps[0] again");
  });

  it("asks entry, extra, environment for an app of the file, and the environment first for its own", () => {
    const byEnvironment = {
      ...SAMPLE_APP,
      WECOM_API_BASE_URL: "http://127.0.0.1:1",
      WECOM_CALLBACK_ALLOWED_USERS: "env",
      WECOM_HTTP_PROXY: "http://127.0.0.1:2",
      AGENT_RUNNER: "command",
      AGENT_COMMAND: "agent",
    };
    const options = "api_base_url: http://127.0.0.1:3, allowed_users: extra";
    const config = loadGatewayConfig({ ...byEnvironment, ...file(options, "allowed_users: entry") });
    expect(config.apps).toMatchObject([
      {
        apiBaseUrl: "http://127.0.0.1:3",
        allowedUsers: ["entry"],
        httpProxy: "http://127.0.0.1:2",
        runner: { kind: "command", command: ["agent"] },
      },
      { apiBaseUrl: "http://127.0.0.1:1", allowedUsers: ["env"] },
    ]);
  });

  it("does not open an app that has its own list by ALLOW_ALL_USERS", () => {
    const env = { ...file("", "allowed_users: [boss]"), WECOM_CALLBACK_ALLOW_ALL_USERS: "true" };
    expect(loadGatewayConfig(env).apps[0]).toMatchObject({ allowedUsers: ["boss"], allowAllUsers: false });
  });

  it("completes a runner of the file from the AGENT_ settings", () => {
    const env = {
      ...file("", "runner: {kind: command, command: [a, 007]}"),
      AGENT_COMMAND_ENV: "KEY",
      AGENT_TIMEOUT_SECONDS: "5",
    };
    expect(loadGatewayConfig(env).apps[0]?.runner).toEqual({
      kind: "command",
      command: ["a", "007"],
      env: ["KEY"],
      output: "text",
      timeoutMs: 5000,
    });
  });

  it("sends a key of the environment to no address of the file", () => {
    const env = { AGENT_URL: "http://127.0.0.1:8642", AGENT_API_KEY: "key-of-the-environment" };
    const [own] = configErrorOf({
      ...file("", "runner: {kind: hermes, url: 'http://other:1/'}"),
      ...env,
    }).faults;
    expect(own?.where).toBe("platforms.wecom_callback.extra.apps[0].runner.api_key");
    expect(
      loadGatewayConfig({ ...file("", "runner: {kind: hermes}"), ...env, AGENT_INSTRUCTIONS: "Be kind." })
        .apps[0]?.runner,
    ).toEqual({
      kind: "hermes",
      url: "http://127.0.0.1:8642",
      apiKey: "key-of-the-environment",
      instructions: "Be kind.",
      timeoutMs: 1_800_000,
    });
  });

  it("wants a key where an agent may answer later: its answers are signed with it", () => {
    const env = file("", "runner: {kind: http, url: 'http://agent:1/turns'}");
    expect(loadGatewayConfig(env).apps[0]?.runner).toEqual({
      kind: "http",
      url: "http://agent:1/turns",
      timeoutMs: 1_800_000,
    });
    const later = { ...env, AGENT_CALLBACK_URL: "https://gateway.example.com/" };
    expect(configErrorOf(later).faults[0]?.where).toBe(
      "platforms.wecom_callback.extra.apps[0].runner.api_key",
    );
  });

  it("misses a command by its place", () => {
    expect(configErrorOf(file("", "runner: {kind: command}")).faults[0]?.where).toBe(
      "platforms.wecom_callback.extra.apps[0].runner.command",
    );
  });

  describe("variables in the file", () => {
    it("takes the value from the environment or from NAME_FILE, and leaves $${NAME} alone", () => {
      const env = {
        ...file(
          "",
          "runner: {kind: command, command: [a, '$${X}', '-${X}-', '$X']}, http_proxy: 'http://u:${P}@127.0.0.1'",
        ),
        X: "x: [y",
        P_FILE: files.write("p", "secret\n"),
      };
      expect(loadGatewayConfig(env).apps[0]).toMatchObject({
        httpProxy: "http://u:secret@127.0.0.1",
        runner: { command: ["a", "${X}", "-x: [y-", "$X"] },
      });
    });

    it("names the place and the variable that has no value", () => {
      const error = configErrorOf(file("", "http_proxy: 'http://${GONE}:${LOST}@proxy'"));
      expect(error.faults).toEqual([
        {
          where: 'platforms.wecom_callback.extra.apps[0].http_proxy (app "filed")',
          found: "${GONE} and ${LOST} have no value in the environment",
          mend: expect.stringContaining("Set GONE and LOST, or the same name with _FILE"),
        },
      ]);
    });

    it("does not show what a variable held, wherever it was put", () => {
      const error = configErrorOf({ ...file("", "", "'${WRONG}'"), WRONG: "hunter2" });
      expect(error.message).toContain("${WRONG}: found 7 characters (value not shown)");
      expect(error.message).not.toContain("hunter2");
    });
  });
});

function after(text: string): string {
  return text === "" ? "" : `, ${text}`;
}

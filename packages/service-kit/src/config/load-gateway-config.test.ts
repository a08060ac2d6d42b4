import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { configErrorOf } from "../testing/config-faults.ts";
import { SAMPLE_AES_KEY, SAMPLE_APP, SAMPLE_SECRET } from "../testing/sample-settings.ts";
import { SECRET_SETTINGS } from "./environment-schema.ts";
import { loadGatewayConfig } from "./load-gateway-config.ts";

function placesOf(env: Record<string, string>): string[] {
  return configErrorOf(env).faults.map((fault) => fault.where);
}

describe("configuration by environment", () => {
  it("needs nothing but the app, and defaults the rest", () => {
    const config = loadGatewayConfig({ ...SAMPLE_APP, WECOM_CALLBACK_ALLOWED_USERS: "zhangsan" });
    expect(config).toMatchObject({
      apps: [
        {
          name: "default",
          corpId: "ww0123456789abcdef",
          agentId: "1000002",
          corpSecret: SAMPLE_SECRET,
          keys: [{ token: "sampletoken1", encodingAesKey: SAMPLE_AES_KEY }],
          apiBaseUrl: "https://qyapi.weixin.qq.com",
          allowedUsers: ["zhangsan"],
          allowAllUsers: false,
          adminUsers: [],
          pairing: false,
          denyNotice: false,
          runner: { kind: "demo" },
        },
      ],
      http: { port: 8645, path: "/wecom/callback" },
      redis: { url: "redis://127.0.0.1:6379", prefix: "{wgw}" },
      maxSkewSeconds: 600,
      logLevel: "info",
      console: { host: "127.0.0.1", port: 8646, user: "admin", showContent: false },
      warnings: [],
    });
  });

  it("takes every setting", () => {
    const config = loadGatewayConfig({
      ...SAMPLE_APP,
      WECOM_CALLBACK_ADDITIONAL_TOKEN: "nexttoken1",
      WECOM_CALLBACK_ADDITIONAL_ENCODING_AES_KEY: SAMPLE_AES_KEY,
      WECOM_CALLBACK_ALLOWED_USERS: " zhangsan, 00123 ,,zhangsan",
      WECOM_CALLBACK_HOST: "::1",
      WECOM_CALLBACK_PORT: "9000",
      WECOM_CALLBACK_PATH: "/in",
      WECOM_CALLBACK_MAX_SKEW_SECONDS: "0",
      WECOM_API_BASE_URL: "http://127.0.0.1:4000/",
      WECOM_HTTP_PROXY: "http://user:p%40ss@proxy.example.com:3128",
      REDIS_URL: "rediss://user:password@redis.example.com:6380/2",
      REDIS_PREFIX: "a.{b}",
      AGENT_RUNNER: "command",
      AGENT_COMMAND: '["python3", "agent.py", ""]',
      AGENT_COMMAND_ENV: "API_KEY, OTHER",
      AGENT_TIMEOUT_SECONDS: "60",
      LOG_LEVEL: "debug",
      CONSOLE_HOST: "0.0.0.0",
      CONSOLE_PORT: "9001",
      CONSOLE_USER: "ops",
      CONSOLE_PASSWORD: "correct horse",
    });
    expect(config.apps[0]).toMatchObject({
      keys: [{ token: "sampletoken1" }, { token: "nexttoken1" }],
      allowedUsers: ["zhangsan", "00123"],
      apiBaseUrl: "http://127.0.0.1:4000",
      httpProxy: "http://user:p%40ss@proxy.example.com:3128",
      runner: {
        kind: "command",
        command: ["python3", "agent.py", ""],
        env: ["API_KEY", "OTHER"],
        timeoutMs: 60_000,
      },
    });
    expect(config).toMatchObject({
      http: { host: "::1", port: 9000, path: "/in" },
      redis: { url: "rediss://user:password@redis.example.com:6380/2", prefix: "a.{b}" },
      maxSkewSeconds: 0,
      logLevel: "debug",
      console: { host: "0.0.0.0", port: 9001, user: "ops", password: "correct horse", showContent: false },
    });
    expect(config.warnings).toEqual([expect.stringContaining("WECOM_CALLBACK_MAX_SKEW_SECONDS is 0")]);
  });

  it("takes empty values as not set", () => {
    const env = {
      ...SAMPLE_APP,
      WECOM_CALLBACK_PORT: " ",
      REDIS_URL: "",
      CONSOLE_PASSWORD: "",
      LOG_LEVEL: "",
    };
    expect(loadGatewayConfig(env)).toEqual(loadGatewayConfig(SAMPLE_APP));
  });

  it("says plainly, by app, that nobody gets in", () => {
    const [warning, ...others] = loadGatewayConfig(SAMPLE_APP).warnings;
    expect(others).toEqual([]);
    expect(warning).toMatch(
      /App "default": nobody may talk to it.*WECOM_CALLBACK_ALLOWED_USERS.*ALLOW_ALL_USERS=true/,
    );
  });

  it("lets everybody in by a star, and says what then has no effect", () => {
    const load = (settings: object) => loadGatewayConfig({ ...SAMPLE_APP, ...settings });
    expect(load({ WECOM_CALLBACK_ALLOWED_USERS: "*" }).warnings).toEqual([]);
    const { warnings } = load({ WECOM_CALLBACK_ALLOWED_USERS: "*,lisi", WECOM_CALLBACK_PAIRING: "true" });
    expect(warnings.join()).toMatch(/list of allowed users has no effect.*pairing has no effect/);
  });

  it("knows administrators and pairing, and warns when nobody could approve", () => {
    const pairing = { ...SAMPLE_APP, WECOM_CALLBACK_PAIRING: "true" };
    expect(loadGatewayConfig(pairing).warnings.join()).toMatch(/pairing is on, but nobody can let people in/);
    const config = loadGatewayConfig({
      ...pairing,
      WECOM_CALLBACK_ADMIN_USERS: "boss, wwOther:00123",
      WECOM_CALLBACK_DENY_NOTICE: "true",
    });
    expect(config.warnings).toEqual([]);
    expect(config.apps[0]).toMatchObject({
      adminUsers: ["boss", "wwOther:00123"],
      pairing: true,
      denyNotice: true,
    });
  });

  it.each([
    ["WECOM_CALLBACK_ALLOWED_USERS", "a b"],
    ["WECOM_CALLBACK_ALLOWED_USERS", "corp:user:more"],
    ["WECOM_CALLBACK_ALLOWED_USERS", "li*"],
    ["WECOM_CALLBACK_ADMIN_USERS", "*"],
    ["WECOM_CALLBACK_ADMIN_USERS", "wwOther:*"],
  ])("refuses %s=%s", (name, value) => {
    expect(() => loadGatewayConfig({ ...SAMPLE_APP, [name]: value })).toThrow(name);
  });

  it("takes proxies by address, by network and by name", () => {
    const CONSOLE_TRUSTED_PROXIES = "loopback, 10.0.0.5,172.16.0.0/12,fd00::/8";
    const { console } = loadGatewayConfig({ ...SAMPLE_APP, CONSOLE_TRUSTED_PROXIES });
    expect(console.trustedProxies).toEqual(["loopback", "10.0.0.5", "172.16.0.0/12", "fd00::/8"]);
    expect(loadGatewayConfig(SAMPLE_APP).console.trustedProxies).toEqual([]);
  });

  it("takes the longest corp and user id as one entry", () => {
    const entry = `${"c".repeat(64)}:${"u".repeat(64)}`;
    const config = loadGatewayConfig({ ...SAMPLE_APP, WECOM_CALLBACK_ALLOWED_USERS: entry });
    expect(config.apps[0]?.allowedUsers).toEqual([entry]);
  });

  it("warns of a corp id in an unusual shape, and takes it", () => {
    const config = loadGatewayConfig({
      ...SAMPLE_APP,
      WECOM_CALLBACK_CORP_ID: "demo-corp",
      WECOM_CALLBACK_ALLOW_ALL_USERS: "true",
    });
    expect(config.warnings).toEqual([expect.stringContaining("demo-corp does not look like")]);
  });

  it.each([
    ["WECOM_CALLBACK_ENCODING_AES_KEY", SAMPLE_AES_KEY.slice(1)],
    ["WECOM_CALLBACK_ENCODING_AES_KEY", `${SAMPLE_AES_KEY}=`],
    ["WECOM_CALLBACK_ENCODING_AES_KEY", ` ${SAMPLE_AES_KEY.slice(1)}`],
    ["WECOM_CALLBACK_TOKEN", "a".repeat(33)],
    ["WECOM_CALLBACK_CORP_SECRET", `"${SAMPLE_SECRET} "`],
    ["WECOM_CALLBACK_AGENT_ID", "10x"],
    ["WECOM_CALLBACK_AGENT_ID", "01000002"],
    ["WECOM_CALLBACK_CORP_ID", "ww:1"],
    ["CONSOLE_TRUSTED_PROXIES", "true"],
    ["CONSOLE_TRUSTED_PROXIES", "proxy.example.com"],
    ["CONSOLE_TRUSTED_PROXIES", "0.0.0.0/0"],
    ["CONSOLE_TRUSTED_PROXIES", "10.0.0.0/33"],
    ["CONSOLE_TRUSTED_PROXIES", "loopback, ::1/129"],
    ["WECOM_CALLBACK_PORT", "0"],
    ["WECOM_CALLBACK_PORT", "65536"],
    ["WECOM_CALLBACK_PORT", "1e3"],
    ["WECOM_CALLBACK_PATH", "wecom"],
    ["WECOM_CALLBACK_PATH", "/health"],
    ["WECOM_CALLBACK_PATH", "/a?b"],
    ["WECOM_CALLBACK_MAX_SKEW_SECONDS", "-1"],
    ["WECOM_CALLBACK_ALLOW_ALL_USERS", "maybe"],
    ["WECOM_CALLBACK_ALLOWED_USERS", "zhang san"],
    ["WECOM_API_BASE_URL", "qyapi.weixin.qq.com"],
    ["WECOM_API_BASE_URL", "https://user:password@example.com"],
    ["WECOM_HTTP_PROXY", "socks5://127.0.0.1:1080"],
    ["REDIS_URL", "127.0.0.1:6379"],
    ["REDIS_URL", "redis://127.0.0.1/mydb"],
    ["REDIS_PREFIX", "wgw"],
    ["REDIS_PREFIX", "{}"],
    ["AGENT_RUNNER", "bash"],
    ["AGENT_COMMAND", "python3 'agent.py"],
    ["AGENT_COMMAND", '["python3", 1]'],
    ["AGENT_COMMAND_ENV", "API_KEY=1"],
    ["AGENT_TIMEOUT_SECONDS", "0"],
    ["LOG_LEVEL", "loud"],
    ["CONSOLE_PORT", "http"],
    ["CONSOLE_USER", "a:b"],
    ["CONSOLE_PASSWORD", "short"],
  ])("refuses %s = %s, by name and with the way to mend it", (name, value) => {
    const [fault, ...others] = configErrorOf({ ...SAMPLE_APP, [name]: value }).faults;
    expect(others).toEqual([]);
    expect(fault).toMatchObject({ where: name, mend: expect.stringMatching(/^Needs /) });
  });

  it("names every fault in one message", () => {
    const error = configErrorOf({
      WECOM_CALLBACK_CORP_ID: "ww0123456789abcdef",
      WECOM_CALLBACK_AGENT_ID: "abc",
      WECOM_CALLBACK_ENCODING_AES_KEY: "x".repeat(42),
      WECOM_CALLBACK_PORT: "99999",
      AGENT_RUNNER: "command",
    });
    const places = error.faults.map((fault) => fault.where);
    expect(places.sort()).toEqual([
      "AGENT_COMMAND",
      "WECOM_CALLBACK_AGENT_ID",
      "WECOM_CALLBACK_CORP_SECRET",
      "WECOM_CALLBACK_ENCODING_AES_KEY",
      "WECOM_CALLBACK_PORT",
      "WECOM_CALLBACK_TOKEN",
    ]);
    for (const place of places) expect(error.message).toContain(`${place}: `);
    expect(error.message).toContain('found "99999"');
    expect(error.message).toContain("found 42 characters (value not shown)");
  });

  it("asks for an app when there is none, unless none is needed", () => {
    expect(placesOf({})).toEqual(["Apps"]);
    expect(loadGatewayConfig({}, { appsRequired: false }).apps).toEqual([]);
  });

  it("refuses half a second key set", () => {
    expect(placesOf({ ...SAMPLE_APP, WECOM_CALLBACK_ADDITIONAL_TOKEN: "nexttoken1" })).toEqual([
      "WECOM_CALLBACK_ADDITIONAL_ENCODING_AES_KEY",
    ]);
  });

  it("never shows the value of a secret, whatever is wrong with it", () => {
    const secret = fc
      .string({ unit: "grapheme", minLength: 6, maxLength: 400 })
      .map((text) => `# s${text.trim()}`);
    fc.assert(
      fc.property(fc.constantFrom(...SECRET_SETTINGS), secret, (name, value) => {
        // A blank is legal in none of them but the password, which is made too short or too long to pass.
        const broken = name === "CONSOLE_PASSWORD" ? value.repeat(130) : value;
        const error = configErrorOf({ ...SAMPLE_APP, [name]: broken });
        expect(error.message).not.toContain(value);
        expect(JSON.stringify(error)).not.toContain(JSON.stringify(value).slice(1, -1));
      }),
    );
  });

  it("cuts a long value in a plain setting: it may be a secret in the wrong line", () => {
    const error = configErrorOf({ ...SAMPLE_APP, WECOM_CALLBACK_AGENT_ID: SAMPLE_SECRET });
    expect(error.message).toContain('found "samp…" (43 characters)');
  });
});

import { resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { configErrorOf } from "../testing/config-faults.ts";
import { SAMPLE_AES_KEY, SAMPLE_APP, SAMPLE_SECRET } from "../testing/sample-settings.ts";
import { createTempFiles } from "../testing/temp-files.ts";
import { loadGatewayConfig } from "./load-gateway-config.ts";

const CREDENTIALS = `corp_secret: ${SAMPLE_SECRET}, token: "0123", encoding_aes_key: ${SAMPLE_AES_KEY}`;

function app(agentId: string, more = ""): string {
  return `{corp_id: ww0123456789abcdef, agent_id: ${agentId}, ${CREDENTIALS}${more === "" ? "" : `, ${more}`}}`;
}

describe("configuration by file", () => {
  let files: ReturnType<typeof createTempFiles>;
  beforeEach(() => {
    files = createTempFiles();
  });
  afterEach(() => files.remove());

  /** The environment that names a file with these lines under `extra`. */
  function extra(...lines: string[]): { GATEWAY_CONFIG: string } {
    return yaml(["platforms:", "  wecom_callback:", "    extra:", ...lines.map((line) => `      ${line}`)]);
  }
  function yaml(lines: readonly string[]): { GATEWAY_CONFIG: string } {
    return { GATEWAY_CONFIG: files.write("config.yaml", lines.join("\n")) };
  }
  const apps = (...entries: string[]) => extra("apps:", ...entries.map((entry) => `  - ${entry}`));

  it("takes Hermes' list of apps, ids as the text they are", () => {
    const config = loadGatewayConfig(
      extra("host: 0.0.0.0", "port: 9000", "path: /in", "apps:", `  - ${app("1000002", "name: sales")}`),
    );
    expect(config.http).toEqual({ host: "0.0.0.0", port: 9000, path: "/in" });
    expect(config.apps).toMatchObject([{ name: "sales", agentId: "1000002", keys: [{ token: "0123" }] }]);
  });

  it("keeps values that YAML would read as numbers", () => {
    const config = loadGatewayConfig(
      extra(
        "corp_id: ww0123456789abcdef",
        "agent_id: 1000002",
        `corp_secret: ${SAMPLE_SECRET}`,
        "token: 0123",
        "encoding_aes_key: 0000000000000000000000000000000000000000001",
        "allow_from: [00123, 1e5, true]",
      ),
    );
    expect(config.apps[0]).toMatchObject({
      name: "default",
      agentId: "1000002",
      keys: [{ token: "0123", encodingAesKey: "0000000000000000000000000000000000000000001" }],
      allowedUsers: ["00123", "1e5", "true"],
    });
  });

  it("takes a Hermes file unchanged, with keys that only Hermes knows", () => {
    const config = loadGatewayConfig(
      yaml([
        "model: {provider: openrouter}",
        "display: {busy_input_mode: queue}",
        "agent: &agent {gateway_timeout: 1800}",
        "platforms:",
        "  telegram: {enabled: true, token: !secret x}",
        "  wecom_callback:",
        "    enabled: true",
        "    allow_from: [zhangsan]",
        "    home_channel: {chat_id: x}",
        "    extra:",
        "      user_allowed_commands: [help]",
        "      apps:",
        `        - ${app("1000002", "home_channel: x")}`,
      ]),
    );
    expect(config.apps[0]?.allowedUsers).toEqual(["zhangsan"]);
    expect(config.warnings).toEqual([
      "platforms.wecom_callback.extra.user_allowed_commands is not used by the gateway.",
      "platforms.wecom_callback.extra.apps[0].home_channel is not used by the gateway.",
    ]);
  });

  it.each([["platforms: {telegram: {}}"], ["platforms:\n  wecom_callback: {enabled: true, extra: }"]])(
    "runs on the environment when the file says nothing: %j",
    (content) => {
      expect(loadGatewayConfig({ ...SAMPLE_APP, ...yaml([content]) }).apps).toHaveLength(1);
    },
  );

  it("refuses a platform that is switched off, as Hermes does", () => {
    const env = { ...SAMPLE_APP, ...yaml(["platforms: {wecom_callback: {enabled: false}}"]) };
    expect(configErrorOf(env).faults.map((fault) => fault.where)).toEqual([
      "platforms.wecom_callback.enabled",
    ]);
  });

  it("refuses to start for one broken key beside good ones, by the name of its app", () => {
    const broken = app("1000003", "name: support").replace(SAMPLE_AES_KEY, "tooshort");
    const error = configErrorOf(apps(app("1000002", "name: sales"), broken));
    expect(error.faults).toEqual([
      {
        where: 'platforms.wecom_callback.extra.apps[1].encoding_aes_key (app "support")',
        found: "found 8 characters (value not shown)",
        mend: expect.stringContaining("exactly 43 letters and digits"),
      },
    ]);
    expect(error.message).not.toContain("tooshort");
  });

  it("names every missing key of an app", () => {
    const error = configErrorOf(apps("{name: sales, corp_id: ww0123456789abcdef, token: }"));
    expect(error.faults.map((fault) => [fault.where, fault.found])).toEqual(
      ["corp_secret", "agent_id", "token", "encoding_aes_key"].map((key) => [
        `platforms.wecom_callback.extra.apps[0].${key} (app "sales")`,
        "is missing",
      ]),
    );
  });

  it("refuses the same corp and agent twice, also when one of them is broken otherwise", () => {
    const error = configErrorOf(apps(app("1000002"), app("1000002", "name: again, http_proxy: x")));
    expect(error.message).toContain("is the app of platforms.wecom_callback.extra.apps[0] again");
    expect(error.faults).toHaveLength(2);
  });

  it("refuses a name twice", () => {
    const error = configErrorOf(apps(app("1", "name: a"), app("2", "name: a")));
    expect(error.faults.map((fault) => fault.found)).toEqual([
      '"a" is the name of platforms.wecom_callback.extra.apps[0] too',
    ]);
  });

  it("names apps without a name by corp and agent", () => {
    const config = loadGatewayConfig(apps(app("1"), app("2")));
    expect(config.apps.map(({ name }) => name)).toEqual(["ww0123456789abcdef-1", "ww0123456789abcdef-2"]);
  });

  it.each([
    ["a broken line", "platforms: [", /line 1|line 2/],
    ["no map", "- a\n- b", /no map of keys at the top/],
    ["a bomb of aliases", bomb(), /unusable YAML aliases/],
    ["apps that are no list", "platforms: {wecom_callback: {extra: {apps: {a: b}}}}", /not a list/],
    ["an app that is no map", "platforms: {wecom_callback: {extra: {apps: [a]}}}", /not a map of keys/],
    [
      "too many apps",
      `platforms: {wecom_callback: {extra: {apps: [${"{},".repeat(2001)}]}}}`,
      /found 2001 apps.*at most 2000/s,
    ],
    ["too much", `# ${"x".repeat(4 * 1024 * 1024)}`, /larger than 4194304 bytes/],
  ])("refuses a file with %s", (_what, content, expected) => {
    expect(configErrorOf({ ...SAMPLE_APP, ...yaml([content]) }).message).toMatch(expected);
  });

  it("shows no text of a line that is not YAML", () => {
    const error = configErrorOf(
      yaml(["platforms:", `  token: "${SAMPLE_SECRET}" x: y`, ` - ${SAMPLE_SECRET}`]),
    );
    expect(error.message).not.toContain(SAMPLE_SECRET);
    expect(error.message).toMatch(/line 2, column \d+: not valid YAML/);
  });

  it("says when the file is not there", () => {
    expect(configErrorOf({ GATEWAY_CONFIG: `${files.folder}/none.yaml` }).faults[0]).toMatchObject({
      where: `GATEWAY_CONFIG (${files.folder}/none.yaml)`,
      found: "the file does not exist",
    });
    expect(configErrorOf({ GATEWAY_CONFIG: "config/none.yaml" }).faults[0]?.found).toBe(
      `the file does not exist (${resolve("config/none.yaml")})`,
    );
  });

  it("loads 2000 apps", () => {
    const entries = Array.from({ length: 2000 }, (_, index) => app(String(index)));
    expect(loadGatewayConfig(apps(...entries)).apps).toHaveLength(2000);
  });
});

function bomb(): string {
  const lines = Array.from(
    { length: 9 },
    (_, index) => `l${index + 1}: &l${index + 1} [${`*l${index},`.repeat(9)}]`,
  );
  return ["l0: &l0 [x]", ...lines].join("\n");
}

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders of the configuration file look the same
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { configErrorOf } from "../../testing/config-faults.ts";
import { SAMPLE_AES_KEY, SAMPLE_APP, SAMPLE_SECRET } from "../../testing/sample-settings.ts";
import { createTempFiles } from "../../testing/temp-files.ts";
import { configSecrets } from "../config-secrets.ts";
import { loadGatewayConfig } from "../load-gateway-config.ts";

describe("the settings of the runner openai", () => {
  let files: ReturnType<typeof createTempFiles>;
  beforeEach(() => {
    files = createTempFiles();
  });
  afterEach(() => files.remove());

  function file(runner: object) {
    const credentials = { corp_secret: SAMPLE_SECRET, token: "t", encoding_aes_key: SAMPLE_AES_KEY };
    const app = { name: "a", corp_id: "ww0123456789abcdef", agent_id: "7", ...credentials, runner };
    const content = JSON.stringify({ platforms: { wecom_callback: { extra: { apps: [app] } } } });
    return { GATEWAY_CONFIG: files.write("config.yaml", content) };
  }

  it("are a few variables, with defaults for most", () => {
    const env = { AGENT_RUNNER: "openai", AGENT_URL: "https://api.deepseek.com/v1/", AGENT_MODEL: "chat" };
    expect(loadGatewayConfig({ ...SAMPLE_APP, ...env }).apps[0]?.runner).toEqual({
      kind: "openai",
      url: "https://api.deepseek.com/v1",
      model: "chat",
      images: false,
      contextTokens: 64_000,
      maxSteps: 30,
      stallMs: 60_000,
      mcpServers: [],
      timeoutMs: 1_800_000,
    });
  });

  it("name servers of tools in the file", () => {
    const mcp_servers = [
      { name: "crm", command: "node crm.js", env: ["CRM_TOKEN"], approve: ["delete"], timeout_seconds: "5" },
      { name: "docs", url: "https://mcp.example.com/mcp/", headers: { Authorization: "Bearer ${DOCS_KEY}" } },
    ];
    const runner = { kind: "openai", url: "http://127.0.0.1:1/v1", model: "m", images: "true", mcp_servers };
    const config = loadGatewayConfig({ ...file(runner), DOCS_KEY: "canary-key" });
    expect(config.apps[0]?.runner).toMatchObject({
      images: true,
      mcpServers: [
        {
          name: "crm",
          command: ["node", "crm.js"],
          env: ["CRM_TOKEN"],
          approve: ["delete"],
          timeoutMs: 5000,
        },
        {
          name: "docs",
          url: "https://mcp.example.com/mcp",
          headers: { Authorization: "Bearer canary-key" },
          approve: "writes",
          timeoutMs: 120_000,
        },
      ],
    });
    expect(configSecrets(config)).toEqual(expect.arrayContaining(["Bearer canary-key", "canary-key"]));
  });

  it.each([
    [{ url: "http://h/v1" }, "runner.model", "is missing"],
    [{ model: "m" }, "runner.url", "is missing"],
    [{ mcp_servers: [{ name: "a" }] }, "runner.mcp_servers[0]", "either command"],
    [
      { mcp_servers: [{ name: "a", command: "x", url: "http://h" }] },
      "runner.mcp_servers[0]",
      "either command",
    ],
    [{ mcp_servers: [{ name: "a b", command: "x" }] }, "runner.mcp_servers[0].name", "letters, digits"],
    [{ mcp_servers: [{ name: "a", command: "x", approve: "sometimes" }] }, "approve", "writes"],
    [
      {
        mcp_servers: [
          { name: "a", command: "x" },
          { name: "a", command: "y" },
        ],
      },
      "mcp_servers",
      "of its own",
    ],
    [{ mcp_servers: [{ name: "a", url: "http://h", headers: { A: "x\ny" } }] }, "headers", "printable"],
  ])("are refused with what to do: %j", (runner, where, mend) => {
    const { message } = configErrorOf(file({ kind: "openai", ...runner }));
    expect(message).toContain(where);
    expect(message).toContain(mend);
  });

  it("show no header when something is wrong with it", () => {
    const servers = [{ name: "a", url: "http://h", headers: { A: "canary\nof-a-header" } }];
    const { message } = configErrorOf(file({ kind: "openai", url: "http://h", mcp_servers: servers }));
    expect(message).not.toContain("canary");
  });
});

import { afterAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { stringify } from "yaml";
import { SAMPLE_AES_KEY, SAMPLE_APP, SAMPLE_SECRET } from "../testing/sample-settings.ts";
import { createTempFiles } from "../testing/temp-files.ts";
import { ConfigError } from "./config-error.ts";
import { configSecrets } from "./config-secrets.ts";
import { SECRET_SETTINGS, SETTING_NAMES } from "./environment-schema.ts";
import { APP_KEYS, EXTRA_KEYS, HIDDEN_KEYS, KEY_SET_KEYS } from "./file-schema.ts";
import { loadGatewayConfig } from "./load-gateway-config.ts";
import { RUNNER_KEYS } from "./runners/runner-section.ts";

const files = createTempFiles();
afterAll(files.remove);

/** Stands in every value of a place for secrets; no text about the configuration may have it. */
const MARK = "Zq7Planted";

/** Loads, or says in words what is wrong with what: nothing else may happen, whatever is configured. */
function expectReadable(env: Record<string, string>) {
  try {
    const config = loadGatewayConfig(env);
    for (const warning of config.warnings) expect(warning).not.toContain(MARK);
    // For every log line.
    expect(configSecrets(config).every((secret) => secret !== "")).toBe(true);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.faults.length).toBeGreaterThan(0);
    for (const fault of error.faults) {
      for (const part of [fault.where, fault.found, fault.mend]) expect(part).toMatch(/\S/);
      // A sentence for the person who has to mend it, not a schema's own words.
      expect(fault.mend).not.toMatch(/Invalid |expected .*received|undefined|\[object/);
    }
    expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toContain(MARK);
  }
}

const odd = fc.constantFrom(
  ...[
    "",
    " ",
    "0",
    "-1",
    "1e9",
    "NaN",
    "true",
    "yes",
    "null",
    "~",
    "1000002",
    "0x10",
    "９",
    "\u0000",
    "\ufeff",
    "\n",
  ],
  ...[
    "*",
    "a,b",
    ",",
    "[]",
    "{}",
    '["a"]',
    '{"a":1}',
    `\${HOME}`,
    `\${NOT_SET}`,
    `$\${X}`,
    "../..",
    "/",
    "/tmp",
    "C:\\x",
  ],
  ...[
    "demo",
    "command",
    "hermes",
    "http",
    "openai",
    "acp",
    "http://[::1",
    "https://x:y@h:99999/",
    "redis://h/x",
    "%zz",
  ],
  ...[
    "http://u:%zz@proxy:8080",
    "redis://:%zz@h:1/0",
    "rediss://u:p@h",
    "en",
    "zh-CN",
    "lots of words",
    "__proto__",
  ],
  SAMPLE_AES_KEY,
  SAMPLE_SECRET,
);
const plain = fc.oneof({ arbitrary: odd, weight: 3 }, fc.string({ unit: "grapheme", maxLength: 30 }));
const secret = plain.map((text) => `${MARK}${text}`);

describe("whatever the configuration is, it is taken or its faults are told", () => {
  it("from the environment", () => {
    const isSecret = (name: string) => SECRET_SETTINGS.some((known) => known === name);
    const setting = fc
      .constantFrom(...SETTING_NAMES.filter((name) => name !== "GATEWAY_CONFIG"))
      .chain((name) => fc.tuple(fc.constant(name), isSecret(name) ? fc.oneof(secret, odd) : plain));
    const settings = fc.array(setting, { maxLength: 6 }).map((pairs) => Object.fromEntries(pairs));
    fc.assert(fc.property(settings, (some) => expectReadable({ ...SAMPLE_APP, ...some })));
  });

  it("from a file of any shape", () => {
    const hides = (key: string) => HIDDEN_KEYS.includes(key) || key === "api_key" || key === "headers";
    const scalar = fc.oneof(plain, fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
    const mapOf = (keys: readonly string[], inner: fc.Arbitrary<unknown>) =>
      fc
        .array(
          fc
            .constantFrom(...keys, "unknown", "constructor")
            .chain((key) => fc.tuple(fc.constant(key), hides(key) ? fc.oneof(secret, inner) : inner)),
          { maxLength: 8 },
        )
        .map((pairs) => Object.fromEntries(pairs));
    const anything = fc.oneof(
      { arbitrary: scalar, weight: 4 },
      fc.array(scalar, { maxLength: 3 }),
      fc.dictionary(fc.string({ maxLength: 5 }), scalar, { maxKeys: 3 }),
    );
    const server = mapOf(["name", "command", "env", "url", "headers", "trust", "timeout_seconds"], anything);
    const runner = fc.oneof(
      mapOf(RUNNER_KEYS, fc.oneof({ arbitrary: anything, weight: 3 }, fc.array(server, { maxLength: 2 }))),
      anything,
    );
    const app = fc
      .tuple(
        mapOf(
          APP_KEYS,
          fc.oneof({ arbitrary: anything, weight: 4 }, runner, fc.array(mapOf(KEY_SET_KEYS, anything))),
        ),
        fc.boolean(),
      )
      .map(([some, isWhole]) => ({
        ...(isWhole
          ? {
              name: "a",
              corp_id: "ww1",
              corp_secret: SAMPLE_SECRET,
              agent_id: 1000002,
              token: "t",
              encoding_aes_key: SAMPLE_AES_KEY,
            }
          : {}),
        ...some,
      }));
    const extra = fc
      .tuple(
        mapOf([...EXTRA_KEYS, ...APP_KEYS], anything),
        fc.option(fc.array(fc.oneof(app, anything), { maxLength: 3 })),
      )
      .map(([some, apps]) => (apps === null ? some : { ...some, apps }));
    const root = fc.oneof(
      { arbitrary: extra.map((some) => ({ platforms: { wecom_callback: { extra: some } } })), weight: 9 },
      anything,
      anything.map((platforms) => ({ platforms })),
      anything.map((wecom_callback) => ({ platforms: { wecom_callback } })),
    );
    fc.assert(
      fc.property(root, (value) => {
        expectReadable({ GATEWAY_CONFIG: files.write("shape.yaml", stringify(value)) });
      }),
    );
  });

  it.each([
    ["http_proxy", `http://user:${MARK}@\${NO_SUCH_HOST}:x`],
    ["corp_secret", `${MARK} \${HOME}`],
    ["api_base_url", `${MARK}$\${HOME}`],
  ])("and what stands beside a variable in %s is not shown", (key, value) => {
    const apps = [{ [key]: value }];
    const text = stringify({ platforms: { wecom_callback: { extra: { apps } } } });
    expectReadable({ HOME: "/root", GATEWAY_CONFIG: files.write("beside.yaml", text) });
  });

  it.each([
    ["lists", "[".repeat(100_000)],
    ["closed lists", `${"[".repeat(20_000)}${"]".repeat(20_000)}`],
    ["maps", "{a: ".repeat(50_000)],
    ["lines", "- ".repeat(50_000)],
    ["aliases", "&a [*a]"],
    ["aliases in a map", "&a {x: *a}"],
  ])("from a file of endlessly nested %s", (_name, value) => {
    for (const text of [value, `platforms:\n  wecom_callback:\n    extra:\n      allow_from: ${value}\n`])
      expectReadable({ GATEWAY_CONFIG: files.write("deep.yaml", text) });
  });

  it("from a file of any text", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...[
          "platforms:\n",
          "  wecom_callback:\n",
          "    extra:\n",
          "      apps:\n",
          "        - ",
          "corp_id: ",
          "- ",
          "  ",
        ],
        ...[
          "&a ",
          "*a",
          "<<: *a\n",
          "!!binary ",
          "!x ",
          "? ",
          ": ",
          "|\n",
          ">-\n",
          "{",
          "}",
          "[",
          "]",
          "#",
          "\t",
          "\n",
        ],
        ...['"', "'", "---\n", "...\n", "%YAML 1.2\n", `\${HOME}`, "\u0000", "\ufeff", "\r", "@", "`"],
      ),
      fc.string({ unit: "binary", maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.boolean(), (pieces, isDeep) => {
        const lead = isDeep ? "platforms:\n  wecom_callback:\n    extra:\n      " : "";
        expectReadable({ GATEWAY_CONFIG: files.write("text.yaml", lead + pieces.join("")) });
      }),
    );
  });

  it("from a file of any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expectReadable({ GATEWAY_CONFIG: files.write("bytes.yaml", bytes) });
      }),
    );
  });
});

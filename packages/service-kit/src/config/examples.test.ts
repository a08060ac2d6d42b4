import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { SAMPLE_AES_KEY, SAMPLE_APP, SAMPLE_SECRET } from "../testing/sample-settings.ts";
import { SECRET_SETTINGS, SETTING_NAMES } from "./environment-schema.ts";
import { APP_KEYS, EXTRA_KEYS, KEY_SET_KEYS } from "./file-schema.ts";
import { loadGatewayConfig } from "./load-gateway-config.ts";
import { RUNNER_KEYS } from "./runners/runner-section.ts";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

describe(".env.example", () => {
  const lines = readFileSync(`${ROOT}.env.example`, "utf8").split("\n");
  const settings = lines.flatMap((line) => {
    const match = /^(#?)([A-Z][A-Z0-9_]*)=(.*)$/.exec(line);
    return match === null
      ? []
      : [{ commented: match[1] === "#", name: match[2] ?? "", value: match[3] ?? "" }];
  });

  it("has every setting and every _FILE variant once, and nothing else", () => {
    const expected = [...SETTING_NAMES, ...SECRET_SETTINGS.map((name) => `${name}_FILE`)];
    expect(settings.map(({ name }) => name).sort()).toEqual(expected.sort());
  });

  it("shows the true default in each line that has a value", () => {
    const shown = settings.filter(({ value }) => value !== "");
    expect(shown.length).toBeGreaterThan(10);
    const withShown = { ...SAMPLE_APP, ...Object.fromEntries(shown.map(({ name, value }) => [name, value])) };
    expect(loadGatewayConfig(withShown)).toEqual(loadGatewayConfig(SAMPLE_APP));
  });

  it("sets nothing by itself: the lines in force are empty", () => {
    expect(settings.filter(({ commented, value }) => !commented && value !== "")).toEqual([]);
  });
});

describe("config/gateway*.example.yaml", () => {
  const names = readdirSync(`${ROOT}config`).filter(
    (name) => name.startsWith("gateway") && name.endsWith(".example.yaml"),
  );

  it.each(names)("%s loads without a warning about its keys", (name) => {
    const path = `${ROOT}config/${name}`;
    const config = loadGatewayConfig({
      GATEWAY_CONFIG: path,
      ...sampleVariables(readFileSync(path, "utf8")),
    });
    expect(config.apps.length).toBeGreaterThan(0);
    expect(config.warnings.filter((warning) => warning.includes("not used"))).toEqual([]);
  });

  it("gateway.example.yaml has every key of the file, and its defaults are true", () => {
    const text = readFileSync(`${ROOT}config/gateway.example.yaml`, "utf8");
    const { extra } = parse(text, { schema: "failsafe" }).platforms.wecom_callback;
    const ofApps = extra.apps.flatMap((app: object) => Object.keys(app));
    const expected = new Set([...EXTRA_KEYS, ...APP_KEYS, ...RUNNER_KEYS, ...KEY_SET_KEYS]);
    const runners = [extra, ...extra.apps].flatMap(({ runner }) => Object.keys(runner ?? {}));
    const keySets = extra.apps.flatMap((app: { additional_keys?: object[] }) =>
      (app.additional_keys ?? []).flatMap((set) => Object.keys(set)),
    );
    expect(new Set([...Object.keys(extra), ...ofApps, ...runners, ...keySets])).toEqual(expected);

    const { http, apps } = loadGatewayConfig(SAMPLE_APP);
    expect(text).toContain(`# Default ${http.port}.`);
    expect(text).toContain(`# Default ${http.path}.`);
    expect(text).toContain(`# Default ${apps[0]?.apiBaseUrl}.`);
  });
});

/** A fitting value for each ${NAME} of the file, by the end of its name. */
function sampleVariables(text: string): Record<string, string> {
  const names = [...text.matchAll(/\$\{([A-Z_]+)\}/g)].map((match) => match[1] ?? "");
  const fitting = (name: string) =>
    name.endsWith("AES_KEY") ? SAMPLE_AES_KEY : name.endsWith("SECRET") ? SAMPLE_SECRET : "sample";
  return Object.fromEntries(names.map((name) => [name, fitting(name)]));
}

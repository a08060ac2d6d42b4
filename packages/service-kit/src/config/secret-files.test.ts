import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { configErrorOf } from "../testing/config-faults.ts";
import { SAMPLE_APP, SAMPLE_SECRET } from "../testing/sample-settings.ts";
import { createTempFiles } from "../testing/temp-files.ts";
import { SECRET_SETTINGS } from "./environment-schema.ts";
import { loadGatewayConfig } from "./load-gateway-config.ts";

describe("secrets from files", () => {
  let files: ReturnType<typeof createTempFiles>;
  const { WECOM_CALLBACK_CORP_SECRET: _, ...withoutSecret } = SAMPLE_APP;

  beforeEach(() => {
    files = createTempFiles();
  });
  afterEach(() => files.remove());

  it.each(["", "\n", "\r\n"])("takes the value without the line end %j", (lineEnd) => {
    const path = files.write("secret", `${SAMPLE_SECRET}${lineEnd}`);
    const config = loadGatewayConfig({ ...withoutSecret, WECOM_CALLBACK_CORP_SECRET_FILE: path });
    expect(config.apps[0]?.corpSecret).toBe(SAMPLE_SECRET);
  });

  it("works for every secret", () => {
    const values: Record<string, string> = {
      ...SAMPLE_APP,
      WECOM_CALLBACK_ADDITIONAL_TOKEN: "nexttoken1",
      WECOM_CALLBACK_ADDITIONAL_ENCODING_AES_KEY: SAMPLE_APP.WECOM_CALLBACK_ENCODING_AES_KEY,
      WECOM_HTTP_PROXY: "http://user:password@127.0.0.1:3128",
      REDIS_URL: "redis://user:password@127.0.0.1:6379",
      CONSOLE_PASSWORD: "correct horse",
    };
    const direct = loadGatewayConfig(values);
    const inFiles = Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        const isSecret = SECRET_SETTINGS.some((secret) => secret === name);
        return isSecret ? [`${name}_FILE`, files.write(name, `${value}\n`)] : [name, value];
      }),
    );
    expect(loadGatewayConfig(inFiles)).toEqual(direct);
  });

  it("names the variable and the file when the value is wrong, and does not show it", () => {
    const path = files.write("key", "hunter2hunter2");
    const { WECOM_CALLBACK_ENCODING_AES_KEY: _key, ...rest } = SAMPLE_APP;
    const error = configErrorOf({ ...rest, WECOM_CALLBACK_ENCODING_AES_KEY_FILE: path });
    expect(error.faults.map((fault) => fault.where)).toEqual([
      `WECOM_CALLBACK_ENCODING_AES_KEY_FILE (${path})`,
    ]);
    expect(error.message).toContain("found 14 characters (value not shown)");
    expect(error.message).not.toContain("hunter2");
  });

  it.each<[string, () => string, RegExp]>([
    ["missing", () => `${files.folder}/none`, /the file does not exist/],
    ["empty", () => files.write("empty", "\n"), /the file is empty/],
    ["a folder", () => files.folder, /the file is not a regular file/],
    ["too large", () => files.write("large", "x".repeat(4097)), /the file is larger than 4096 bytes/],
    [
      "not text",
      () => files.write("binary", new Uint8Array([0xff, 0xfe, 0x00])),
      /the file is not UTF-8 text/,
    ],
    ["a device that never ends", () => "/dev/zero", /the file is not a regular file/],
  ])("refuses a file that is %s", (_kind, path, expected) => {
    const [fault] = configErrorOf({ ...withoutSecret, WECOM_CALLBACK_CORP_SECRET_FILE: path() }).faults;
    expect(fault?.where).toBe(`WECOM_CALLBACK_CORP_SECRET_FILE (${path()})`);
    expect(fault?.found).toMatch(expected);
  });

  it("refuses a value and a file at once", () => {
    const path = files.write("secret", SAMPLE_SECRET);
    const error = configErrorOf({ ...SAMPLE_APP, WECOM_CALLBACK_CORP_SECRET_FILE: path });
    expect(error.message).toContain("is set, and WECOM_CALLBACK_CORP_SECRET too");
  });
});

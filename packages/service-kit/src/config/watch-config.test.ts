import { EventEmitter } from "node:events";
import { renameSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createLogger } from "../logging/create-logger.ts";
import { SAMPLE_AES_KEY, SAMPLE_SECRET } from "../testing/sample-settings.ts";
import { createTempFiles } from "../testing/temp-files.ts";
import type { ConfigDiff } from "./diff-config.ts";
import { loadGatewayConfig } from "./load-gateway-config.ts";
import { createSecretList } from "./secret-list.ts";
import type { ConfigWatch } from "./watch-config.ts";
import { watchConfig } from "./watch-config.ts";

interface Entry {
  readonly name: string;
  readonly [setting: string]: unknown;
}

function yaml(apps: readonly Entry[], extra: object = {}): string {
  const entries = apps.map((app, index) => ({
    corp_id: `ww000000000000000${index}`,
    corp_secret: SAMPLE_SECRET,
    agent_id: "1000002",
    token: "sampletoken1",
    encoding_aes_key: SAMPLE_AES_KEY,
    allow_all_users: "true",
    ...app,
  }));
  return JSON.stringify({ platforms: { wecom_callback: { extra: { ...extra, apps: entries } } } });
}

describe("a configuration that changes while the process runs", () => {
  let files: ReturnType<typeof createTempFiles>;
  let watch: ConfigWatch | undefined;
  beforeEach(() => {
    files = createTempFiles();
    files.write("token", "tokenfromfile");
  });
  afterEach(() => {
    watch?.close();
    files.remove();
  });

  function start(apps: readonly Entry[], refuse: () => boolean = () => false) {
    const env = {
      GATEWAY_CONFIG: files.write("gateway.yaml", yaml(apps)),
      SALES_TOKEN_FILE: `${files.folder}/token`,
    };
    const config = loadGatewayConfig(env);
    const secrets = createSecretList(config);
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const logger = createLogger({ level: "info", service: "test", secrets: secrets.list, destination });
    const host = new EventEmitter();
    const diffs: ConfigDiff[] = [];
    const apply = (_next: unknown, diff: ConfigDiff) => {
      if (refuse()) throw new Error("cannot be used");
      diffs.push(diff);
    };
    const timing = { everyMs: 20, settleMs: 20 };
    watch = watchConfig({ env, config, secrets, logger, process: host, apply, timing });
    return { watch, diffs, host, logger, log: () => lines.join("") };
  }
  const write = (apps: readonly Entry[], extra?: object) => files.write("gateway.yaml", yaml(apps, extra));

  async function until(condition: () => boolean): Promise<void> {
    const deadline = performance.now() + 20_000;
    while (!condition()) {
      if (performance.now() > deadline) throw new Error("nothing happened");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  it("is applied with what was added, removed and changed, by name", () => {
    const { watch, diffs, log } = start([{ name: "sales" }, { name: "old", corp_id: "wwold" }]);
    write([
      { name: "sales", allow_all_users: "false", allowed_users: ["zhangsan"], token: "othertoken2" },
      { name: "new", corp_id: "wwnew" },
    ]);
    expect(watch.reload("test")).toBe(true);
    expect(diffs).toEqual([
      {
        added: ["new"],
        removed: ["old"],
        changed: { sales: ["keys", "allowedUsers", "allowAllUsers"] },
        needRestart: [],
      },
    ]);
    expect(watch.current().apps.map(({ name }) => name)).toEqual(["sales", "new"]);
    expect(log()).toMatch(/"added":\["new"\].*configuration reloaded/);
    expect(log()).not.toMatch(/zhangsan|othertoken2|sampletoken1/);
  });

  it("stays as it is when anything in the new one is wrong, and every fault is named", () => {
    const { watch, diffs, log } = start([{ name: "sales" }]);
    write([
      { name: "sales", allow_all_users: "false" },
      { name: "bad", corp_id: "wwbad", agent_id: "x" },
    ]);
    expect(watch.reload("test")).toBe(false);
    files.write("gateway.yaml", "platforms: [");
    expect(watch.reload("test")).toBe(false);
    expect(diffs).toEqual([]);
    expect(watch.current().apps[0]?.allowAllUsers).toBe(true);
    expect(log()).toMatch(/configuration not reloaded/);
    expect(log()).toMatch(/agent_id.*bad/);
  });

  it("stays as it is when it cannot be put into force, and is tried whole again", () => {
    let refuse = true;
    const { watch, diffs } = start([{ name: "sales" }], () => refuse);
    write([{ name: "sales", pairing: "true" }]);
    expect(watch.reload("test")).toBe(false);
    expect(watch.current().apps[0]?.pairing).toBe(false);
    refuse = false;
    expect(watch.reload("test")).toBe(true);
    expect(diffs).toHaveLength(1);
  });

  it("says which settings need a restart, and leaves them alone", () => {
    const { watch, diffs, log } = start([{ name: "sales" }]);
    write([{ name: "sales" }], { port: "9999" });
    expect(watch.reload("test")).toBe(true);
    expect(diffs).toEqual([{ added: [], removed: [], changed: {}, needRestart: ["http"] }]);
    expect(watch.current().http.port).toBe(8645);
    expect(log()).toMatch(/"settings":\["http"\].*next restart/);
  });

  it("is read on SIGHUP", () => {
    const { host, diffs } = start([{ name: "sales" }]);
    write([{ name: "sales", pairing: "true" }]);
    host.emit("SIGHUP", "SIGHUP");
    expect(diffs).toHaveLength(1);
  });

  it("is read when the file changes, is replaced, or a secret's file changes", async () => {
    const token = `$${"{SALES_TOKEN}"}`;
    const { diffs } = start([{ name: "sales", token }]);
    await until(() => diffs.length === 1);
    expect(diffs.splice(0)).toEqual([{ added: [], removed: [], changed: {}, needRestart: [] }]);
    write([{ name: "sales", token, pairing: "true" }]);
    await until(() => diffs.length === 1);
    files.write("next.yaml", yaml([{ name: "sales", token }]));
    renameSync(`${files.folder}/next.yaml`, `${files.folder}/gateway.yaml`);
    await until(() => diffs.length === 2);
    files.write("token", "rotatedtoken");
    await until(() => diffs.length === 3);
    expect(diffs.map(({ changed }) => changed.sales)).toEqual([["pairing"], ["pairing"], ["keys"]]);
  });

  it("is put into force again when a texts file changes, though no setting has", async () => {
    const texts = files.write("texts.yaml", "{}");
    const { diffs } = start([{ name: "sales", texts }]);
    await until(() => diffs.length === 1);
    files.write("texts.yaml", "turn: {}");
    await until(() => diffs.length === 2);
    expect(diffs[1]).toMatchObject({ changed: {} });
  });

  it("is the one of the file also when that changed while the process was starting", async () => {
    const { watch, diffs } = start([{ name: "sales" }]);
    write([{ name: "sales", pairing: "true" }]);
    await until(() => diffs.length === 1);
    expect(watch.current().apps[0]?.pairing).toBe(true);
  });

  it("hides its new secrets in the log, and still the old ones", () => {
    const { watch, logger, log } = start([{ name: "sales" }]);
    write([{ name: "sales", token: "brandnewtoken" }]);
    watch.reload("test");
    logger.info("brandnewtoken sampletoken1");
    expect(log()).not.toMatch(/brandnewtoken|sampletoken1/);
  });

  it("is not read any more once the watch is closed", () => {
    const { watch, host, diffs } = start([{ name: "sales" }]);
    watch.close();
    write([{ name: "sales", pairing: "true" }]);
    host.emit("SIGHUP", "SIGHUP");
    expect(diffs).toEqual([]);
  });
});

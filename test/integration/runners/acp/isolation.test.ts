import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "@jest/globals";
import { openAllowedFile } from "../../../../services/worker/src/media/out/allowed-file.ts";
import { isAlive } from "../../../support/is-alive.ts";
import type { AcpHarness, HarnessOptions } from "./harness.ts";
import { startAcp } from "./harness.ts";

let acp: AcpHarness | undefined;
afterEach(async () => {
  await acp?.stop();
  acp = undefined;
});

async function start(options?: HarnessOptions): Promise<AcpHarness> {
  acp = await startAcp(options);
  return acp;
}

const textOf = (result: Awaited<ReturnType<AcpHarness["say"]>>) =>
  result.status === "done" ? result.text : "";

describe("the environment of an agent", () => {
  it("has named variables only, and places of its own", async () => {
    const { say } = await start({
      config: { preset: "claude", env: ["CHOSEN"] },
      env: { CHOSEN: "yes", ANTHROPIC_API_KEY: "k" },
    });
    const names = textOf(await say("env")).split(" ");
    const own = ["CLAUDE_CODE_MAX_RETRIES", "ENABLE_TOOL_SEARCH", "HOME", "TMPDIR", "WECOM_GATEWAY_AGENT"];
    expect(names).toEqual(["ANTHROPIC_API_KEY", "CHOSEN", ...own, "PATH"].sort());
  });
});

describe("files that leave", () => {
  it("lie in the outbox: not outside, not behind a link, not with another outbox in its place", async () => {
    const acp = await start();
    const secret = join(acp.dir, "secret.txt");
    await writeFile(secret, "canary");
    for (const text of [`stray ${secret}`, `link ${secret}`]) {
      const result = await acp.say(text);
      const path = textOf(result).split("MEDIA:")[1] ?? "";
      const dirs = (result.status === "done" && result.dirs) || [];
      expect(await openAllowedFile(path, dirs)).toEqual({ ok: false, why: "not_allowed" });
    }
    expect(await acp.say(`swap ${acp.dir}`)).toMatchObject({ status: "done", dirs: [] });
    expect(await acp.say("echo")).toMatchObject({
      status: "failed",
      code: "config",
      detail: expect.stringContaining("AGENT_WORKSPACE_DIR"),
    });
  });
});

describe("a template of a home", () => {
  it("is copied into each person's", async () => {
    const acp = await start();
    const template = join(acp.dir, "template");
    await mkdir(join(template, ".agent"), { recursive: true });
    await writeFile(join(template, ".agent", "settings.json"), "{}");
    const two = await startAcp({ dir: acp.dir, config: { homeTemplate: template } });
    await two.say("echo");
    const { cwd } = (await two.noted("new")) as { cwd: string };
    await two.stop();
    expect(await readFile(join(cwd, "..", "home", ".agent", "settings.json"), "utf8")).toBe("{}");
  });
});

// As root these show what the isolation does; elsewhere, that the probe says what is missing.
describe.each(["uid", "pidns"] as const)("isolation %s", (isolation) => {
  it("keeps the worker's environment, its files and other people's from an agent, which can still work", async () => {
    const acp = await start({ config: { isolation } });
    const probe = await acp.runner.probe();
    if (!probe.ok) {
      expect(probe.problem).toMatch(/root|CAP_SYS_ADMIN|execute/);
      return;
    }
    const secret = join(acp.dir, "secret.txt");
    await writeFile(secret, "canary", { mode: 0o600 });
    const other = textOf(await acp.say("file", { user: "other" })).split("MEDIA:")[1] ?? "";
    for (const path of [secret, `/proc/${process.pid}/environ`, other])
      expect(textOf(await acp.say(`read ${path}`))).toMatch(/^(EACCES|ENOENT)$/);
    // What would be no proof if the worker could not read it either.
    expect(await readFile(secret, "utf8")).toBe("canary");
    expect(await readFile(`/proc/${process.pid}/environ`, "latin1")).not.toBe("");
    expect(await acp.say("file")).toMatchObject({ status: "done", dirs: [expect.any(String)] });
    const attachment = {
      kind: "file" as const,
      path: secret,
      name: "a.txt",
      mime: "text/plain",
      sizeBytes: 6,
    };
    const handed = await acp.say(`echo ${secret}`, { turn: { attachments: [attachment] } });
    expect(textOf(await acp.say(`read ${textOf(handed).replace("echo ", "")}`))).toBe("read canary");
  });

  it("leaves nothing that an agent has started, not even what gave up its cookie", async () => {
    const acp = await start({ config: { isolation }, flags: ["--stubborn"] });
    if (!(await acp.runner.probe()).ok) return;
    const result = await acp.say("daemon bare");
    const inside = Number(textOf(result));
    expect(inside).toBeGreaterThan(0);
    await acp.runner.shutdown();
    // Inside a space of processes the number means another process.
    if (isolation === "uid") expect(isAlive(inside)).toBe(false);
  });
});

describe("isolation container", () => {
  it("puts the command before the agent's own, with its places filled in", async () => {
    const acp = await start();
    const engine = join(acp.dir, "engine.sh");
    await writeFile(
      engine,
      `#!/bin/sh\necho "$@" > ${join(acp.dir, "args")}\nwhile [ "$1" != image ]; do shift; done; shift; exec "$@"\n`,
    );
    await chmod(engine, 0o755);
    const container: [string, ...string[]] = [
      engine,
      "run",
      "--name",
      "a-{cookie}",
      "-v",
      "{workspace}:{workspace}",
      "{env}",
      "image",
    ];
    const two = await startAcp({ dir: acp.dir, config: { isolation: "container", container } });
    expect(await two.say("echo hello")).toMatchObject({ text: "echo hello" });
    await two.stop();
    const args = await readFile(join(acp.dir, "args"), "utf8");
    expect(args).toMatch(/^run --name a-\d+-\d+-\S+ -v (\S+):\1 .*--env HOME .*image /);
  });
});

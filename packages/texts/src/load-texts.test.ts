import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "@gateway/service-kit";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { loadTexts } from "./load-texts.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "texts-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

let files = 0;
async function load(content: string | Buffer) {
  const overridesFile = join(dir, `texts-${++files}.yaml`);
  await writeFile(overridesFile, content);
  return loadTexts({ language: "zh-CN", overridesFile });
}

async function faultsOf(content: string | Buffer): Promise<string[]> {
  try {
    await load(content);
  } catch (error) {
    if (error instanceof ConfigError)
      return error.faults.map(({ where, found, mend }) => `${where}: ${found}. ${mend}`);
    throw error;
  }
  return [];
}

describe("loadTexts", () => {
  it("speaks the language that is asked for", () => {
    expect(loadTexts({ language: "en" }).command.stopped).toBe("⏹ Stopped.");
    expect(loadTexts({ language: "zh-CN" }).command.stopped).toBe("⏹ 已停止。");
  });

  it("replaces what the file names, and nothing else", async () => {
    const texts = await load(
      'turn:\n  queued: "前面还有事，你是第 {position} 位"\ncommand: { stopped: 停啦 }\nhelp: { approve-user: 批准 }\n',
    );
    expect(texts.turn.queued({ position: 3 })).toBe("前面还有事，你是第 3 位");
    expect(texts.command.stopped).toBe("停啦");
    expect(texts.help["approve-user"]).toBe("批准");
    expect(texts.turn.interrupted).toBe(loadTexts({ language: "zh-CN" }).turn.interrupted);
  });

  it("reads JSON as well, and words that YAML takes for something else", async () => {
    const texts = await load('{ "command": { "stopped": no } }');
    expect(texts.command.stopped).toBe("no");
  });

  it("stays a function where the replacement leaves its placeholders out", async () => {
    const texts = await load("turn: { queued: 稍等 }");
    expect(texts.turn.queued({ position: 1 })).toBe("稍等");
  });

  it.each([
    ["an empty file", ""],
    ["a file of comments", "# nothing yet\n"],
  ])("%s replaces nothing", async (_, content) => {
    expect((await load(content)).command.stopped).toBe("⏹ 已停止。");
  });

  it("names every fault at once, each by its place", async () => {
    const faults = await faultsOf(
      [
        "turn:",
        '  queued: "第 {place} 位"',
        "  quoted: hello",
        '  interrupted: " "',
        `  resumed: ${"长".repeat(600)}`,
        "  failed: [a]",
        "approval:",
        '  asked: "{title} {detail}"',
        "tern: {}",
        "constructor: {}",
        "queue: text",
      ].join("\n"),
    );
    expect(faults.map((fault) => fault.slice(fault.indexOf(".yaml: ") + 7))).toEqual([
      expect.stringMatching(
        /^turn\.queued: \{place\} is no placeholder of this text\. It has \{position\}\./u,
      ),
      expect.stringMatching(/^turn\.quoted: no such text\. The texts of this topic are working, /u),
      expect.stringMatching(/^turn\.interrupted: empty\./u),
      expect.stringMatching(/^turn\.resumed: longer than 1500 bytes\./u),
      expect.stringMatching(/^turn\.failed: not a text\./u),
      expect.stringMatching(/^approval\.asked: without \{code\}\./u),
      expect.stringMatching(/^tern: no such topic\. The topics are turn, /u),
      expect.stringMatching(/^constructor: no such topic\./u),
      expect.stringMatching(/^queue: no map of texts\./u),
    ]);
  });

  it("takes whatever stands in braces for a placeholder", async () => {
    expect(await faultsOf('turn: { queued: "{the position}" }')).toEqual([
      expect.stringContaining("{the position} is no placeholder"),
    ]);
  });

  it.each([
    ["broken YAML", "turn:\n  queued: 'a\n", /line \d+: not valid YAML/u],
    ["a list", "- a", /no map of topics/u],
    ["bytes that are not UTF-8", Buffer.from([0x61, 0x3a, 0x20, 0xff]), /not usable YAML in UTF-8/u],
    ["a bomb of aliases", bomb(), /not usable YAML/u],
    ["too much", `turn: "${"x".repeat(300_000)}"`, /larger than 262144 bytes/u],
  ])("%s is one clear fault", async (_, content, expected) => {
    const faults = await faultsOf(content);
    expect(faults).toEqual([expect.stringMatching(expected)]);
  });

  it("says so when there is no such file, or no file at all", () => {
    const missing = () => loadTexts({ language: "en", overridesFile: join(dir, "none.yaml") });
    expect(missing).toThrow(/cannot be read \(ENOENT\)/u);
    expect(() => loadTexts({ language: "en", overridesFile: dir })).toThrow(/not a regular file/u);
  });
});

function bomb(): string {
  const levels = ["a: &a [x,x,x,x,x,x,x,x,x,x]"];
  for (const [index, name] of [..."bcdefghi"].entries()) {
    const before = "abcdefgh"[index];
    levels.push(`${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(",")}]`);
  }
  return levels.join("\n");
}

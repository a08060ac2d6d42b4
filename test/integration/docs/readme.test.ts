import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { REPOSITORY } from "../../support/process.ts";

// Retires the risk that a reader types a command, opens a file or sets a variable that is not there.

const read = (name: string) => readFileSync(join(REPOSITORY, name), "utf8");
const scripts = Object.keys(JSON.parse(read("package.json")).scripts);
const settings = new Set(
  [...read(".env.example").matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map((match) => match[1] ?? ""),
);
const documents = [
  "README.md",
  "README.zh-CN.md",
  "CONTRIBUTING.md",
  "docs/architecture.md",
  "docs/what-people-see.md",
];

describe.each(documents)("%s", (name) => {
  const text = read(name);

  it("links only to what is there", () => {
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1] ?? "");
    const missing = targets.filter((target) => !existsSync(join(REPOSITORY, name, "..", target)));
    expect(missing).toEqual([]);
  });

  it("names only npm scripts that are there", () => {
    const named = [...text.matchAll(/npm (?:run )?(?:-s )?([a-z]+)\b/g)].map((match) => match[1] ?? "");
    expect(named.filter((script) => !scripts.includes(script) && script !== "and")).toEqual([]);
  });

  it("names only services that are there", () => {
    const mains = [...text.matchAll(/node (services\/\w+)\/dist\/main\.js/g)].map((match) => match[1] ?? "");
    expect(mains.filter((main) => !existsSync(join(REPOSITORY, main, "src/main.ts")))).toEqual([]);
  });
});

describe.each(["README.md", "README.zh-CN.md"])("the settings of %s", (name) => {
  const rows = read(name)
    .split("\n")
    .filter((line) => line.startsWith("| `") && !line.includes("GATEWAY_MESSAGE"));

  it("are settings of the gateway", () => {
    // `_PORT` is short for `WECOM_CALLBACK_PORT`.
    const named = rows.flatMap((row) =>
      [...row.matchAll(/`([A-Z][A-Z0-9]*_[A-Z0-9_]+)`/g)].map((match) => match[1] ?? ""),
    );
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((setting) => !settings.has(setting))).toEqual([]);
    const short = rows.flatMap((row) => [...row.matchAll(/`(_[A-Z0-9_]+)`/g)].map((match) => match[1] ?? ""));
    expect(short.filter((end) => !settings.has(`WECOM_CALLBACK${end}`))).toEqual([]);
  });
});

it("both READMEs show the same commands", () => {
  const commands = (name: string) =>
    [...read(name).matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1]);
  expect(commands("README.zh-CN.md")).toEqual(commands("README.md"));
});

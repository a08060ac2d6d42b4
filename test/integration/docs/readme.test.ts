import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadGatewayConfig } from "@gateway/service-kit";
import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { SAMPLE_AES_KEY, SAMPLE_SECRET } from "../../../packages/service-kit/src/testing/sample-settings.ts";
import { REPOSITORY } from "../../support/process.ts";

// Retires the risk that a reader types a command, opens a file or sets a variable that is not there.

const read = (name: string) => readFileSync(join(REPOSITORY, name), "utf8");
const { scripts: scriptsByName, packageManager } = JSON.parse(read("package.json"));
const scripts = Object.keys(scriptsByName);
const composeServices = Object.keys(parse(read("docker-compose.yml"), { merge: true }).services);
const settings = new Set(
  [...read(".env.example").matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map((match) => match[1] ?? ""),
);
const documents = [
  "README.md",
  "README.zh-CN.md",
  "CONTRIBUTING.md",
  "docs/architecture.md",
  "docs/what-people-see.md",
  "docs/agents.md",
  "docs/kubernetes.md",
  "docs/operations.md",
];

describe.each(documents)("%s", (name) => {
  const text = read(name);

  it("links only to what is there", () => {
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1] ?? "");
    const missing = targets.filter((target) => !existsSync(join(REPOSITORY, name, "..", target)));
    expect(missing).toEqual([]);
  });

  it("links only to headings that are there", () => {
    const targets = [...text.matchAll(/\]\(([^):#]*\.md)?#([^)]+)\)/g)];
    const headings = (file: string) =>
      [...readFileSync(join(REPOSITORY, file), "utf8").matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
        heading
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N} -]/gu, "")
          .replaceAll(" ", "-"),
      );
    const missing = targets.filter(([, file, heading = ""]) => {
      const path = file === undefined ? name : join(name, "..", file);
      return !headings(path).includes(heading);
    });
    expect(missing.map(([link]) => link)).toEqual([]);
  });

  it("names only npm scripts that are there", () => {
    const named = [...text.matchAll(/npm (?!i(?:nstall)? -g)(?:run )?(?:-s )?([a-z]+)\b/g)].map(
      (match) => match[1] ?? "",
    );
    expect(named.filter((script) => !scripts.includes(script) && script !== "and")).toEqual([]);
  });

  it("names only services that are there", () => {
    const mains = [...text.matchAll(/node (?:--env-file=\S+ )?(services\/\w+)\/dist\/main\.js/g)].map(
      (match) => match[1] ?? "",
    );
    expect(mains.filter((main) => !existsSync(join(REPOSITORY, main, "src/main.ts")))).toEqual([]);
  });

  it("has Docker Compose run only services that are there", () => {
    const run = [...text.matchAll(/docker compose run (?:--\S+ )*([a-z]+)/g)].map((match) => match[1] ?? "");
    expect(run.filter((service) => !composeServices.includes(service))).toEqual([]);
  });

  it("installs with the package manager of this repository", () => {
    const named = [...text.matchAll(/npx (pnpm@\S+)/g)].map((match) => match[1] ?? "");
    expect(named.filter((one) => one !== packageManager)).toEqual([]);
  });
});

it.each(["README.md", "README.zh-CN.md"])("the configuration file of %s is one", (name) => {
  const [, file = ""] = /```yaml\n([\s\S]*?)```/.exec(read(name)) ?? [];
  const path = join(mkdtempSync(join(process.env.TEST_RUN_DIR ?? tmpdir(), "readme-")), "gateway.yaml");
  writeFileSync(path, file);
  const secrets = { SALES_SECRET: SAMPLE_SECRET, SALES_TOKEN: "sampletoken1", SALES_AES_KEY: SAMPLE_AES_KEY };
  const { apps, warnings } = loadGatewayConfig({ GATEWAY_CONFIG: path, ...secrets });
  expect(apps.map((app) => app.name)).toEqual(["sales"]);
  expect(warnings).toEqual([]);
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
    [...read(name).matchAll(/```(?:sh|yaml)\n([\s\S]*?)```/g)].map((match) => match[1]);
  expect(commands("README.zh-CN.md")).toEqual(commands("README.md"));
});

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { REPOSITORY } from "../../support/process.ts";

// Retires the risk that something gets into a deployment that nobody has looked at: a licence, an install script, a
// version that was published an hour ago.

/** Licences that ask for no more than their notice. */
const ALLOWED_LICENCES = [
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "MIT",
  "PSF-2.0",
];
const run = promisify(execFile);

/** One of the alternatives is enough, with all of its parts. */
function mayUse(expression: string): boolean {
  const alternatives = expression.replaceAll(/[()]/g, "").split(" OR ");
  return alternatives.some((one) => one.split(" AND ").every((id) => ALLOWED_LICENCES.includes(id)));
}

const workspace = parse(readFileSync(join(REPOSITORY, "pnpm-workspace.yaml"), "utf8"));

describe("the workspace", () => {
  it("runs no install script that is not on its list, and none is", () => {
    expect(Object.entries(workspace.allowBuilds).filter(([, allowed]) => allowed !== false)).toEqual([]);
  });

  it("takes no version that is younger than three days", () => {
    expect(workspace.minimumReleaseAge).toBeGreaterThanOrEqual(3 * 24 * 60);
  });

  it("pins every dependency exactly", () => {
    const loose = Object.entries<string>(workspace.catalog).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
    );
    expect(loose).toEqual([]);
  });
});

it("the SBOM names every package that the services run with, with its hash and a licence that we may use", async () => {
  const { stdout } = await run(process.execPath, ["scripts/sbom.mjs"], { cwd: REPOSITORY, maxBuffer: 50e6 });
  const { bomFormat, components } = JSON.parse(stdout);
  expect(bomFormat).toBe("CycloneDX");
  const names = components.map(({ name }: { name: string }) => name);
  expect(names).toEqual(
    expect.arrayContaining(["express", "bullmq", "ioredis", "fast-xml-parser", "axios", "pino"]),
  );
  expect(names.filter((name: string) => name.startsWith("@gateway/") || name === "jest")).toEqual([]);
  for (const { purl, licenses, hashes } of components) {
    const [{ license, expression = license?.id }] = licenses;
    expect([purl, expression, mayUse(expression)]).toEqual([purl, expression, true]);
    expect([purl, hashes[0].content]).toEqual([purl, expect.stringMatching(/^[0-9a-f]{128}$/)]);
  }
}, 120_000);

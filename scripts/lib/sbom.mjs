import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { PlainError } from "./plain-error.mjs";
import { packageManager, ROOT } from "./project.mjs";
import { table } from "./table.mjs";

const OUTPUT_LIMIT_BYTES = 50 * 1024 * 1024;

/**
 * @typedef {{ name: string, version: string, licence: string, homepage?: string }} Dependency
 */

/**
 * What the services run with, as a CycloneDX document (https://cyclonedx.org) or, with --licences, as a table.
 *
 * @param {readonly string[]} args
 */
export async function printSbom(args) {
  const [flag, ...more] = args;
  if (more.length > 0 || (flag !== undefined && flag !== "--licences"))
    throw new PlainError("It is: npm run -s sbom, or npm run -s sbom -- --licences");
  const dependencies = await readDependencies();
  const rows = dependencies.map(
    ({ name, version, licence }) => /** @type {const} */ ([`${name}@${version}`, licence]),
  );
  console.log(flag === undefined ? JSON.stringify(sbomOf(dependencies), null, 2) : table(rows));
}

/** @returns {Promise<Dependency[]>} */
async function readDependencies() {
  const { stdout } = await promisify(execFile)(
    "npx",
    ["--yes", packageManager(), "licenses", "list", "--prod", "--json"],
    { cwd: ROOT, maxBuffer: OUTPUT_LIMIT_BYTES, shell: process.platform === "win32" },
  );
  /** @type {Record<string, { name: string, versions: string[], homepage?: string }[]>} */
  const byLicence = JSON.parse(stdout);
  const all = Object.entries(byLicence).flatMap(([licence, packages]) =>
    packages.flatMap(({ name, versions, homepage }) =>
      versions.map((version) => ({ name, version, licence, ...(homepage ? { homepage } : {}) })),
    ),
  );
  return all.sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
}

/** @param {readonly Dependency[]} dependencies */
function sbomOf(dependencies) {
  const { name, version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const { packages } = parse(readFileSync(join(ROOT, "pnpm-lock.yaml"), "utf8"));
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: { type: "application", name, version, "bom-ref": name } },
    components: dependencies.map((dependency) => componentOf(dependency, packages)),
  };
}

/**
 * @param {Dependency} dependency
 * @param {Record<string, { resolution?: { integrity?: string } }>} packages of the lockfile
 */
function componentOf({ name, version, licence, homepage }, packages) {
  const purl = `pkg:npm/${name.replace(/^@/, "%40")}@${version}`;
  const integrity = packages[`${name}@${version}`]?.resolution?.integrity ?? "";
  const [algorithm, digest] = integrity.split("-");
  if (algorithm !== "sha512" || digest === undefined)
    throw new PlainError(`${name}@${version} has no sha512 in pnpm-lock.yaml.`);
  return {
    type: "library",
    "bom-ref": purl,
    ...{ name, version, purl },
    licenses: [/ (OR|AND|WITH) /.test(licence) ? { expression: licence } : { license: { id: licence } }],
    hashes: [{ alg: "SHA-512", content: Buffer.from(digest, "base64").toString("hex") }],
    ...(homepage === undefined ? {} : { externalReferences: [{ type: "website", url: homepage }] }),
  };
}

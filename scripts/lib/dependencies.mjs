import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageManager, ROOT } from "./project.mjs";
import { runCommand } from "./run-command.mjs";

// Inside node_modules, so that it goes when node_modules goes.
const STAMP = join(ROOT, "node_modules", ".gateway-install");

/** Installs the locked dependencies when they are missing or no longer those of the lockfile. */
export async function ensureDependencies() {
  const wanted = fingerprint();
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted) return;
  const pnpm = packageManager();
  // Not among what a script prints for another program to read.
  console.error(`Installing dependencies (${pnpm}, from the lockfile)…`);
  await runCommand("npx", ["--yes", pnpm, "install", "--frozen-lockfile"], {
    cwd: ROOT,
    // Without a terminal pnpm would ask, and stop, before it replaces an old node_modules.
    env: { ...process.env, CI: "true" },
    what: "Installing dependencies",
  });
  writeFileSync(STAMP, wanted);
}

/** Changes whenever an install could have a different result. */
function fingerprint() {
  const hash = createHash("sha256");
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml", ...manifests()]) {
    hash.update(file).update(readFileSync(join(ROOT, file)));
  }
  return hash.digest("hex");
}

function manifests() {
  const folders = ["packages", "services"].flatMap((parent) =>
    readdirSync(join(ROOT, parent)).map((name) => `${parent}/${name}`),
  );
  return ["package.json", ...folders.sort().map((folder) => `${folder}/package.json`)].filter((file) =>
    existsSync(join(ROOT, file)),
  );
}

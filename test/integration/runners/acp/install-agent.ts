import { execFile } from "node:child_process";
import { access, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { REPOSITORY } from "../../../support/process.ts";

/** Programs for three systems, no scripts, any Node: the lightest published agent there is. 223 MB. */
const AGENT = "@zed-industries/codex-acp@0.16.0";
const PLACE = join(REPOSITORY, "node_modules/.cache/agents/codex-acp-0.16.0");

/** The path of a real agent, installed from npm the first time. */
export async function installCodexAcp(): Promise<string> {
  const program = join(
    PLACE,
    `node_modules/@zed-industries/codex-acp-${process.platform}-${process.arch}/bin/codex-acp`,
  );
  const isThere = await access(program).then(
    () => true,
    () => false,
  );
  if (isThere) return program;
  await mkdir(PLACE, { recursive: true });
  const words = [
    "install",
    "--prefix",
    PLACE,
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-save",
    AGENT,
  ];
  await promisify(execFile)("npm", words, { timeout: 300_000 });
  await access(program);
  return program;
}

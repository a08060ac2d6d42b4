import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import { promisify } from "node:util";
import type { AcpConfig, Environment } from "@gateway/service-kit";
import { findProgram } from "../find-program.ts";
import type { Probe } from "../runner.ts";
import { asUser } from "./isolation.ts";
import type { AcpProfile } from "./profile.ts";

const execute = promisify(execFile);
/** A user of the system that nobody is. */
const PROBE_UID = 1_999_999;

/** Says what keeps agents of this configuration from being started, as far as that can be told without starting one. */
export async function probeAcp(
  config: AcpConfig,
  profile: AcpProfile,
  on: { readonly env: Environment; readonly dir: string },
): Promise<Probe> {
  const path = on.env.PATH ?? "";
  const [program] = config.container ?? profile.command;
  if ((await findProgram(program, path)) === undefined)
    return {
      ok: false,
      problem: `The program "${program}" was not found or may not be executed. Install it, or set the command (AGENT_COMMAND).`,
    };
  const writable = await mkdir(on.dir, { recursive: true, mode: 0o700 }).then(
    () => access(on.dir, constants.W_OK).then(() => true),
    () => false,
  );
  if (writable !== true)
    return {
      ok: false,
      problem: `${on.dir} cannot be written to. Set AGENT_WORKSPACE_DIR to a directory that can.`,
    };
  return config.isolation === "uid" || config.isolation === "pidns"
    ? probeUsers(config.isolation, program, path)
    : { ok: true };
}

/** Runs nothing but `true` in the isolation, then asks for the program with the rights of an agent. */
async function probeUsers(isolation: "uid" | "pidns", program: string, path: string): Promise<Probe> {
  const attempt = async (...words: string[]) => {
    const [command = "", ...args] = [...asUser({ isolation }, { uid: PROBE_UID }), ...words];
    return execute(command, args, { env: { PATH: path }, cwd: "/", timeout: 20_000 }).then(
      () => true,
      () => false,
    );
  };
  if (!(await attempt("true")))
    return {
      ok: false,
      problem:
        isolation === "uid"
          ? "The isolation uid needs a worker that runs as root (or with CAP_SETUID, CAP_SETGID, CAP_CHOWN and CAP_KILL), and the programs setpriv and prlimit of util-linux. Start it so, or set the isolation to none or container."
          : "The isolation pidns needs what uid needs, and CAP_SYS_ADMIN for unshare. Start the worker so, or set the isolation to uid.",
    };
  if (!(await attempt("sh", "-c", 'command -v -- "$1" >/dev/null', "sh", program)))
    return {
      ok: false,
      problem: `Other users of the system cannot execute "${program}": install it where everybody can read it, like /usr/local.`,
    };
  return { ok: true };
}

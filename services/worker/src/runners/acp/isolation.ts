import { randomUUID } from "node:crypto";
import type { AcpConfig, Environment } from "@gateway/service-kit";
import { COOKIE_NAME } from "./processes.ts";
import type { AcpProfile } from "./profile.ts";
import type { Workspace } from "./workspace.ts";

/** What any program needs. Nothing of the gateway's own settings is in it. */
const BASE_ENV = ["PATH", "LANG", "LC_ALL", "TZ", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"];

/** Limits of one agent and all it starts, where it has a user of its own. Memory is for the container to limit. */
const LIMITS = ["--nproc=400", "--nofile=8192", "--fsize=2147483648", "--core=0"];

export interface Launch {
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  /** Finds everything that this agent has started. */
  readonly cookie: string;
  /** A user of the system that nothing else runs as. */
  readonly uid: number | undefined;
}

/** How an agent is started: its command inside what isolates it, and an environment of named variables only. */
export function describeLaunch(
  config: Pick<AcpConfig, "isolation" | "container">,
  profile: AcpProfile,
  workspace: Workspace,
  from: { readonly env: Environment; readonly owner: string },
): Launch {
  const cookie = `${from.owner}.${randomUUID()}`;
  const env = {
    ...named([...BASE_ENV, ...profile.env], from.env),
    ...profile.set,
    HOME: workspace.home,
    TMPDIR: workspace.tmp,
    [COOKIE_NAME]: cookie,
  };
  const prefix =
    config.container === undefined ? asUser(config, workspace) : container(config.container, env, workspace);
  const [program, ...args] = [...prefix, ...profile.command];
  return { command: [program ?? "", ...args], env, cookie, uid: workspace.uid };
}

function named(names: readonly string[], env: Environment): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name];
      return value === undefined || value === "" ? [] : [[name, value]];
    }),
  );
}

/** What a command is put behind to run as the person's own user of the system; nothing without isolation. */
export function asUser(
  { isolation }: Pick<AcpConfig, "isolation">,
  { uid }: Pick<Workspace, "uid">,
): string[] {
  if (uid === undefined) return [];
  const user = [
    ...["setpriv", "--reuid", String(uid), "--regid", String(uid), "--clear-groups", "--no-new-privs"],
    ...["--bounding-set=-all", "--inh-caps=-all", "--"],
    ...["prlimit", ...LIMITS, "--"],
  ];
  // The end of `unshare` is the end of everything in the space of processes that it made.
  return isolation === "pidns"
    ? ["unshare", "--pid", "--fork", "--kill-child=KILL", "--mount-proc", "--", ...user]
    : user;
}

/** {workspace} is the person's directory, {cookie} a name for the container; {env} names the variables to hand in. */
function container(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  workspace: Workspace,
): string[] {
  const own = Object.keys(env).filter((name) => name !== "PATH");
  return command.flatMap((word) =>
    word === "{env}"
      ? own.flatMap((name) => ["--env", name])
      : [
          word
            .replaceAll("{workspace}", workspace.dir)
            .replaceAll("{cookie}", (env[COOKIE_NAME] ?? "").replaceAll(".", "-")),
        ],
  );
}

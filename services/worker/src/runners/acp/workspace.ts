import { createHash, randomUUID } from "node:crypto";
import { chmod, chown, link, lstat, mkdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** One person's place on disk, for one kind of agent. */
export interface Workspace {
  readonly dir: string;
  /** The agent's own: settings, memory. */
  readonly home: string;
  readonly tmp: string;
  /** Where it works; holds the next two. */
  readonly cwd: string;
  /** What the person sent: the agent may read it. */
  readonly inbox: string;
  /** What the agent sends: nothing else of the disk leaves. */
  readonly outbox: string;
  /** The user of the system it belongs to, where each person has one. */
  readonly uid: number | undefined;
}

/** Users of the system that agents run as; above those that systems give out themselves. */
const FIRST_UID = 2_000_000;
const UID_COUNT = 1_000_000;

/**
 * Makes a person's workspace, or finds it. With `ownUsers` the agent owns its home and its temporary directory, may put
 * files into `cwd` and `outbox`, and can replace none of the directories: their parents are ours.
 */
export async function openWorkspace(
  root: string,
  agent: string,
  person: string,
  ownUsers: boolean,
): Promise<Workspace> {
  const hash = createHash("sha256").update(person).digest("hex").slice(0, 32);
  await makeDir(root, ownUsers ? 0o711 : 0o700);
  const uid = ownUsers ? await reserveUid(join(root, "uids"), hash) : undefined;
  await makeDir(join(root, agent), ownUsers ? 0o711 : 0o700);
  const dir = join(root, agent, hash);
  const cwd = join(dir, "work");
  const workspace: Workspace = {
    ...{ dir, cwd, uid },
    home: join(dir, "home"),
    tmp: join(dir, "tmp"),
    inbox: join(cwd, "inbox"),
    outbox: join(cwd, "outbox"),
  };
  if (uid === undefined) {
    for (const path of [dir, workspace.home, workspace.tmp, cwd, workspace.inbox, workspace.outbox])
      await makeDir(path, 0o700);
    return workspace;
  }
  const [us, them] = [process.getuid?.() ?? 0, uid];
  await makeDir(dir, 0o710, us, them);
  await makeDir(workspace.home, 0o700, them, them);
  await makeDir(workspace.tmp, 0o700, them, them);
  // Sticky: who may put files here may not rename what is not theirs.
  await makeDir(cwd, 0o1770, us, them);
  await makeDir(workspace.inbox, 0o750, us, them);
  await makeDir(workspace.outbox, 0o770, us, them);
  return workspace;
}

/** The outbox as a directory of which files may be sent; none when the agent has put something else in its place. */
export async function sendableDirs({ outbox, dir }: Workspace): Promise<string[]> {
  const [real, parent] = await Promise.all([realpath(outbox).catch(() => ""), realpath(dir).catch(() => "")]);
  return real !== "" && real === join(parent, "work", "outbox") ? [outbox] : [];
}

/** @throws Error that says what to do when something else is in the place */
async function makeDir(path: string, mode: number, uid?: number, gid?: number): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const found = await lstat(path);
  const us = process.getuid?.() ?? found.uid;
  const owner = uid ?? us;
  if (!found.isDirectory() || ![us, owner].includes(found.uid))
    throw new Error(
      `${path} is no directory or belongs to another user. Set AGENT_WORKSPACE_DIR to one that is the gateway's own.`,
    );
  // Not a moment when somebody could replace it: all directories above are ours.
  if (found.uid !== owner || (gid !== undefined && found.gid !== gid)) await chown(path, owner, gid ?? owner);
  if ((found.mode & 0o7777) !== mode) await chmod(path, mode);
}

/** A number for each person that no other person has, however many workers ask: a name is given to a file once. */
async function reserveUid(dir: string, hash: string): Promise<number> {
  await makeDir(dir, 0o700);
  const draft = join(dir, `.${randomUUID()}`);
  await writeFile(draft, hash, { mode: 0o600 });
  try {
    const start = Number.parseInt(hash.slice(0, 8), 16) % UID_COUNT;
    for (let offset = 0; offset < UID_COUNT; offset += 1) {
      const uid = FIRST_UID + ((start + offset) % UID_COUNT);
      const path = join(dir, String(uid));
      const isOurs = await link(draft, path).then(
        () => true,
        async () => (await readFile(path, "utf8")) === hash,
      );
      if (isOurs) return uid;
    }
    throw new Error(`No user ids are left in ${dir}.`);
  } finally {
    await rm(draft, { force: true });
  }
}

import { readdir, readFile, stat } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

/** In the environment of every agent and so of everything that it starts: `<owner>.<random>`. */
export const COOKIE_NAME = "WECOM_GATEWAY_AGENT";

/** The worker process as a name that no later process gets: its pid and when it began, in ticks since the start of the machine. */
export async function ownerName(): Promise<string> {
  return `${process.pid}-${(await readStat(process.pid))?.startedAt ?? "0"}`;
}

export async function isOwnerAlive(owner: string): Promise<boolean> {
  const [pid, startedAt] = owner.split("-");
  const stat = await readStat(Number(pid));
  return stat !== undefined && stat.startedAt === startedAt;
}

interface Stat {
  readonly parent: number;
  readonly startedAt: string;
  readonly isZombie: boolean;
}

/** proc(5), /proc/pid/stat. The program's name may hold blanks and brackets: what counts stands behind the last one. */
async function readStat(pid: number): Promise<Stat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const [state, parent = "0", ...rest] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { parent: Number(parent), startedAt: rest[17] ?? "", isZombie: state === "Z" };
}

async function allPids(): Promise<number[]> {
  const names = await readdir("/proc").catch(() => []);
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

/** Everything that a process has started and that has not cut the tie. Nothing where there is no /proc. */
export async function descendantsOf(pid: number): Promise<number[]> {
  const pids = await allPids();
  const parents = await Promise.all(pids.map(async (one) => [one, (await readStat(one))?.parent] as const));
  const found = new Set([pid]);
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (const [one, parent] of parents) if (parent !== undefined && found.has(parent)) found.add(one);
  }
  found.delete(pid);
  return [...found];
}

/** Processes that live and carry a cookie. */
export async function cookieHolders(): Promise<{ readonly pid: number; readonly cookie: string }[]> {
  const found = await Promise.all(
    (await allPids()).map(async (pid) => {
      // Unreadable: of another user, and so none of ours.
      const environment = await readFile(`/proc/${pid}/environ`, "latin1").catch(() => "");
      const entry = environment.split("\0").find((one) => one.startsWith(`${COOKIE_NAME}=`));
      if (entry === undefined || (await readStat(pid))?.isZombie !== false) return [];
      return [{ pid, cookie: entry.slice(COOKIE_NAME.length + 1) }];
    }),
  );
  return found.flat();
}

/** Kills every process whose cookie fits, and what they start meanwhile. Returns how many. */
export function killCookies(fits: (cookie: string) => boolean | Promise<boolean>): Promise<number> {
  return killFound(async () => {
    const holders = await cookieHolders();
    const fitting = await Promise.all(
      holders.map(async ({ pid, cookie }) => ((await fits(cookie)) ? [pid] : [])),
    );
    return fitting.flat();
  });
}

/** Kills every process of a user of the system that is the agent's alone. */
export function killUser(uid: number): Promise<number> {
  return killFound(async () => {
    const found = await Promise.all(
      (await allPids()).map(async (pid) => {
        const isTheirs = (await stat(`/proc/${pid}`).catch(() => undefined))?.uid === uid;
        return isTheirs && (await readStat(pid))?.isZombie === false ? [pid] : [];
      }),
    );
    return found.flat();
  });
}

const KILL_ROUNDS = 10;
const KILL_PAUSE_MS = 20;

async function killFound(find: () => Promise<readonly number[]>): Promise<number> {
  const killed = new Set<number>();
  for (let round = 0; round < KILL_ROUNDS; round += 1) {
    const pids = await find();
    if (pids.length === 0) break;
    for (const pid of pids) {
      signalProcess(pid, "SIGKILL");
      killed.add(pid);
    }
    await delay(KILL_PAUSE_MS);
  }
  return killed.size;
}

/** A negative number is a process group. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone, which is what was wanted.
  }
}

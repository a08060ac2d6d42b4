import { lstat, mkdir, stat } from "node:fs/promises";
import { join } from "node:path";

const MEND = "Set GATEWAY_MEDIA_DIR to a directory that only the gateway writes to.";

/**
 * Makes a directory below the media directory that nobody else can look into. In a shared place like /tmp somebody else
 * may have made either first; then nothing is put there.
 *
 * @throws Error that says what to do
 */
export async function makePrivateDir(mediaDir: string, ...names: readonly string[]): Promise<string> {
  await mkdir(mediaDir, { recursive: true, mode: 0o700 });
  const base = await stat(mediaDir);
  if (!isOurs(base.uid, true)) throw new Error(`${mediaDir} belongs to another user. ${MEND}`);
  if ((base.mode & 0o002) !== 0) throw new Error(`Everybody may write to ${mediaDir}. ${MEND}`);
  let path = mediaDir;
  for (const name of names) {
    path = join(path, name);
    await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    const found = await lstat(path);
    if (!found.isDirectory() || !isOurs(found.uid, false))
      throw new Error(`${path} belongs to another user or is no directory. ${MEND}`);
  }
  return path;
}

function isOurs(uid: number, orRoot: boolean): boolean {
  return process.getuid === undefined || uid === process.getuid() || (orRoot && uid === 0);
}

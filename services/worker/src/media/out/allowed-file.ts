import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { lstat, open, readlink, realpath } from "node:fs/promises";
import { basename, isAbsolute, resolve, sep } from "node:path";

export type FileRefusal =
  /** Outside every allowed directory. Says nothing about whether such a file exists. */
  | "not_allowed"
  | "missing"
  /** A directory, a pipe, a device. */
  | "not_a_file"
  | "unreadable";

export type OpenedFile =
  | { readonly ok: true; readonly handle: FileHandle; readonly name: string }
  | { readonly ok: false; readonly why: FileRefusal };

/**
 * Opens a regular file inside one of the allowed directories. Links are followed first and the place they lead to has to
 * be inside. What counts is the file that was opened, not the one that was looked at: swapping a link or a directory in
 * between gains nothing. The caller closes the handle.
 */
export async function openAllowedFile(path: string, allowedDirs: readonly string[]): Promise<OpenedFile> {
  if (!isAbsolute(path) || path.includes("\0")) return { ok: false, why: "not_allowed" };
  const dirs = await realDirs(allowedDirs);
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) {
    const isNamedInside = isInside(resolve(path), [...dirs, ...allowedDirs.map((dir) => resolve(dir))]);
    return { ok: false, why: isNamedInside ? "missing" : "not_allowed" };
  }
  if (!isInside(real, dirs)) return { ok: false, why: "not_allowed" };
  // Opening a device can already do something.
  const looked = await lstat(real).catch(() => undefined);
  if (looked === undefined) return { ok: false, why: "missing" };
  if (!looked.isFile()) return { ok: false, why: "not_a_file" };
  // A pipe that took its place must not make us wait for a writer.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(real, flags).catch(() => undefined);
  if (handle === undefined) return { ok: false, why: "unreadable" };
  const why = await faultOf(handle, real, dirs);
  if (why === undefined) return { ok: true, handle, name: basename(path) };
  await handle.close();
  return { ok: false, why };
}

async function faultOf(
  handle: FileHandle,
  real: string,
  dirs: readonly string[],
): Promise<FileRefusal | undefined> {
  if (!(await handle.stat()).isFile()) return "not_a_file";
  return isInside(await placeOf(handle, real), dirs) ? undefined : "not_allowed";
}

/** Where the opened file lies. Linux tells; elsewhere the path is resolved again, and has to be the same file. */
async function placeOf(handle: FileHandle, real: string): Promise<string> {
  if (process.platform === "linux") return readlink(`/proc/self/fd/${handle.fd}`);
  const [opened, again, place] = await Promise.all([
    handle.stat(),
    lstat(real).catch(() => undefined),
    realpath(real).catch(() => ""),
  ]);
  return again?.dev === opened.dev && again.ino === opened.ino ? place : "";
}

async function realDirs(dirs: readonly string[]): Promise<string[]> {
  const real = await Promise.all(dirs.map((dir) => realpath(dir).catch(() => undefined)));
  return real.filter((dir) => dir !== undefined);
}

function isInside(path: string, dirs: readonly string[]): boolean {
  return dirs.some((dir) => path.startsWith(dir.endsWith(sep) ? dir : dir + sep));
}

/** What the machine, or this worker's share of it, is short of when no program can be started. */
const LIMITS: Readonly<Record<string, string>> = {
  EAGAIN: "the limit of processes (ulimit -u, or the container's pids limit)",
  EMFILE: "the worker's limit of open files (ulimit -n)",
  ENFILE: "the machine's limit of open files (fs.file-max)",
  ENOMEM: "the memory of the machine or the container",
};

/** Names the limit that a start met, which passes. Undefined for what has to be mended: no program, no permission. */
export function describeSpawnLimit(code: unknown): string | undefined {
  const limit = typeof code === "string" ? LIMITS[code] : undefined;
  return limit && `${code}: ${limit} is used up at the moment`;
}

export function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

import { stat } from "node:fs/promises";

export interface FileWatch {
  close(): void;
}

/**
 * Calls back when a file changes, appears or disappears, once things have been quiet for `settleMs`; and once
 * at the beginning, for what changed before. Looks at the files instead of listening for events: those are lost
 * on network file systems and when a file is replaced, which is how editors save and how Kubernetes updates
 * what it mounts.
 */
export function watchFiles(
  paths: () => readonly string[],
  onChange: () => void,
  timing: { readonly everyMs: number; readonly settleMs: number },
): FileWatch {
  let seen: string | undefined;
  let settling: NodeJS.Timeout | undefined;
  let next: NodeJS.Timeout | undefined;
  let closed = false;

  const look = async () => {
    const now = (await Promise.all(paths().map(fingerprint))).join("\n");
    if (closed) return;
    if (now !== seen) {
      seen = now;
      clearTimeout(settling);
      settling = setTimeout(onChange, timing.settleMs).unref();
    }
    next = setTimeout(() => void look(), timing.everyMs).unref();
  };
  void look();

  return {
    close() {
      closed = true;
      clearTimeout(settling);
      clearTimeout(next);
    },
  };
}

/** Of the file itself, also behind a symbolic link. Never rejects: a file that is not there is a state too. */
async function fingerprint(path: string): Promise<string> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return `${path} ${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch {
    return `${path} missing`;
  }
}

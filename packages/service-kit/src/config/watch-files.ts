import { unwatchFile, watchFile } from "node:fs";

export interface FileWatch {
  close(): void;
}

/**
 * Calls back when a file changes, appears or disappears, once things have been quiet for `settleMs`. Looks at
 * the files instead of listening for events: those are lost on network file systems and when a file is replaced,
 * which is how editors save and how Kubernetes updates what it mounts.
 */
export function watchFiles(
  paths: readonly string[],
  onChange: () => void,
  timing: { readonly everyMs: number; readonly settleMs: number },
): FileWatch {
  let settling: NodeJS.Timeout | undefined;
  const changed = () => {
    clearTimeout(settling);
    settling = setTimeout(onChange, timing.settleMs);
  };
  for (const path of paths) watchFile(path, { persistent: false, interval: timing.everyMs }, changed);
  return {
    close() {
      clearTimeout(settling);
      for (const path of paths) unwatchFile(path, changed);
    },
  };
}

import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export interface ProcessUse {
  readonly sockets: number;
  readonly rssBytes: number;
}

/** What a process holds now, from /proc; undefined where there is none, or no such process. */
export function readProcessUse(pid: number): ProcessUse | undefined {
  try {
    const sockets = readdirSync(`/proc/${pid}/fd`).filter((fd) => isSocket(`/proc/${pid}/fd/${fd}`)).length;
    const [, rssKb = "0"] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "latin1")) ?? [];
    return { sockets, rssBytes: Number(rssKb) * 1024 };
  } catch {
    return undefined;
  }
}

/** It may be closed between the listing and the look. */
function isSocket(link: string): boolean {
  try {
    return readlinkSync(link).startsWith("socket:");
  } catch {
    return false;
  }
}

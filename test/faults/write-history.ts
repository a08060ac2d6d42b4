import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HistoryEvent } from "./history.ts";

/** Leaves a history, and beside it what the services printed, for whoever looks into a violation. Returns its path. */
export function writeHistory(events: readonly HistoryEvent[], logs: string): string {
  const file = join(mkdtempSync(join(tmpdir(), "faults-")), "history.jsonl");
  writeFileSync(file, `${events.map((event) => JSON.stringify(event)).join("\n")}\n`);
  writeFileSync(`${file}.log`, logs);
  return file;
}

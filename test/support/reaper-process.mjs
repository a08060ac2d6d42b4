import { rmSync } from "node:fs";
import { reap } from "./reaper.mjs";

// Outlives a test run that was killed, by whatever signal: its input ends when the run ends.
const [runDir = ""] = process.argv.slice(2);
for await (const _ of process.stdin);
reap(runDir);
rmSync(runDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });

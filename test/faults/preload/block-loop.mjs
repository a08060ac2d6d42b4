// At SIGUSR2 the event loop of a process stands still for as long as the file FAULT_BLOCK_FILE is there, as with a regular
// expression that does not end: the process lives, its sockets are open, its agents run on. Loaded by NODE_OPTIONS.
import { existsSync } from "node:fs";

const file = process.env.FAULT_BLOCK_FILE ?? "";
process.on("SIGUSR2", () => {
  while (existsSync(file));
});

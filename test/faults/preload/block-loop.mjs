// SIGUSR2 keeps the event loop of a process busy for FAULT_BLOCK_MS, as a regular expression gone wild does. Loaded before
// everything else by NODE_OPTIONS.
const blockMs = Number(process.env.FAULT_BLOCK_MS);

process.on("SIGUSR2", () => {
  for (const until = performance.now() + blockMs; performance.now() < until; );
});

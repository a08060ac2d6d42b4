import { requireNode } from "./lib/node-version.mjs";

requireNode();
const { runScript } = await import("./lib/plain-error.mjs");
const { test } = await import("./lib/test.mjs");
await runScript(() => test(process.argv.slice(2), process.env));

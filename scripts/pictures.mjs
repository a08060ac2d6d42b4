import { requireNode } from "./lib/node-version.mjs";

requireNode();
const { runScript } = await import("./lib/plain-error.mjs");
const { pictures } = await import("./lib/pictures.mjs");
await runScript(() => pictures(process.env));

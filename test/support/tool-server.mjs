// A tool server (MCP) over stdio, written by hand; `handleToolMessage` serves it over HTTP, too. What it does is seen
// in the folder of TOOLS_DIR: `pids`, `calls` (one line a call that took effect), `free`, which lets "slow" end, and
// `broken`, with the pid of the one that does not list its tools any more.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const object = { type: "object", properties: { text: { type: "string" } } };
const TOOLS = [
  { name: "note", title: "Take a note", description: "Writes something down.", inputSchema: object },
  { name: "slow", description: "Takes effect, then its time.", inputSchema: object },
  {
    name: "lookup",
    description: "Looks up.",
    inputSchema: object,
    annotations: { readOnlyHint: true, title: "Look up" },
  },
  {
    name: "peek",
    description: "Slow, but harmless.",
    inputSchema: object,
    annotations: { readOnlyHint: true },
  },
  { name: "hang", description: "Never ends.", inputSchema: object, annotations: { readOnlyHint: true } },
  { name: "flood", description: "Says a lot.", inputSchema: object, annotations: { readOnlyHint: true } },
  { name: "fail", description: "Fails.", inputSchema: object, annotations: { readOnlyHint: true } },
  { name: "die", description: "Ends the server.", inputSchema: object, annotations: { readOnlyHint: true } },
  {
    name: "env",
    description: "Names of variables.",
    inputSchema: object,
    annotations: { readOnlyHint: true },
  },
];

/** @param {string} value */
const text = (value) => ({ content: [{ type: "text", text: value }] });

/** @param {string} folder */
async function untilFree(folder) {
  while (!existsSync(`${folder}/free`)) await delay(10);
}

/**
 * @param {string} name
 * @param {{ text?: string }} args
 * @param {string} folder
 * @returns {Promise<object>}
 */
async function call(name, { text: said = "" }, folder) {
  const note = () => appendFileSync(`${folder}/calls`, `${name} ${said}\n`);
  if (name === "note") {
    note();
    return text(`noted ${said}`);
  }
  if (name === "slow" || name === "peek") {
    note();
    await untilFree(folder);
    return text(`${name} done`);
  }
  if (name === "lookup") return text(`found ${said}`);
  if (name === "hang") return new Promise(() => undefined);
  if (name === "flood") return text(`begin ${"字".repeat(1_000_000)} end`);
  if (name === "fail") return { ...text("no such customer"), isError: true };
  if (name === "die") process.exit(3);
  if (name === "env") return text(Object.keys(process.env).sort().join(","));
  throw new Error(`no tool ${name}`);
}

let refused = 0;

/**
 * The response to one message; undefined for a notification.
 *
 * @param {{ id?: number, method?: string, params?: Record<string, any> }} message
 * @param {string} folder
 */
export async function handleToolMessage({ id, method, params = {} }, folder) {
  if (id === undefined) return undefined;
  /** @param {object} result */
  const respond = (result) => ({ jsonrpc: "2.0", id, result });
  if (method === "initialize") {
    const serverInfo = { name: "test-tools", version: "1" };
    return respond({ protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo });
  }
  if (method === "tools/list") {
    // One of them is broken on wish: it refuses one after the other, not all at once.
    if (existsSync(`${folder}/broken`) && readFileSync(`${folder}/broken`, "utf8") === `${process.pid}`) {
      refused += 1;
      await delay(100 * refused);
      return { jsonrpc: "2.0", id, error: { code: -32603, message: "no list" } };
    }
    return respond({ tools: TOOLS });
  }
  if (method === "tools/call") {
    try {
      return respond(await call(params.name, params.arguments ?? {}, folder));
    } catch (error) {
      return { jsonrpc: "2.0", id, error: { code: -32602, message: String(error) } };
    }
  }
  return { jsonrpc: "2.0", id, error: { code: -32601, message: "not there" } };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.env.TOOLS_DIR ?? "";
  appendFileSync(`${folder}/pids`, `${process.pid}\n`);
  process.stdout.write("Listening on stdio...\n{not json\n");
  process.stderr.write(`a word on stderr, and a key: ${process.env.TOOLS_KEY}\n`);
  // Stubborn on wish: does not end with its input.
  if (process.env.TOOLS_STUBBORN) {
    process.on("SIGTERM", () => undefined);
    setInterval(() => undefined, 1000);
  }
  const lines = createInterface({ input: process.stdin });
  lines.on("line", async (line) => {
    const response = await handleToolMessage(JSON.parse(line), folder);
    if (response !== undefined) process.stdout.write(`${JSON.stringify(response)}\n`);
  });
  lines.on("close", () => {
    if (!process.env.TOOLS_STUBBORN) process.exit(0);
  });
}

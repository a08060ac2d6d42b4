import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import type { MCPTransport } from "@ai-sdk/mcp";
import { validateJSONRPCMessage } from "@ai-sdk/mcp";
import { killGroup } from "../../kill-group.ts";

const LINE_LIMIT_BYTES = 8 * 1024 * 1024;
const STDERR_KEEP_CHARS = 4096;
/** A server ends when its input does; what does not is told to, then made to. */
const END_STEPS: readonly (readonly [afterMs: number, signal: NodeJS.Signals])[] = [
  [1500, "SIGTERM"],
  [1500, "SIGKILL"],
];

export interface StdioOptions {
  readonly command: readonly [string, ...string[]];
  /** All that the program gets to see of the environment. */
  readonly env: Readonly<Record<string, string>>;
  /** It ended without having been told to. */
  readonly onDeath: (end: { readonly how: string; readonly stderr: string }) => void;
}

/**
 * A tool server as a child process: JSON-RPC, one message a line (MCP, "stdio"). In a process group of its own, so that
 * what it starts ends with it. Lines that are no message are skipped; one without an end is the server's end.
 */
export function createStdioTransport({ command, env, onDeath }: StdioOptions): MCPTransport {
  let child: ChildProcess | undefined;
  let ended: Promise<void> | undefined;
  let isClosing = false;
  const [program, ...args] = command;
  const transport: MCPTransport = {
    async start() {
      const started = spawn(program, args, { detached: true, stdio: "pipe", env: { ...env } });
      child = started;
      const stderr = keepEnd(started);
      ended = new Promise((resolve) => {
        const finish = (how: string) => {
          killGroup(started, "SIGKILL");
          if (!isClosing) onDeath({ how, stderr: stderr() });
          transport.onclose?.();
          resolve();
        };
        started.once("error", ({ message }) => finish(message));
        started.once("exit", (code, signal) => finish(signal ?? `exit code ${code}`));
      });
      // A server that has gone closes the pipe; its end is told by "exit".
      started.stdin?.on("error", () => undefined);
      readLines(started, {
        onLine: (line) => receive(line, transport),
        onOverflow: () => killGroup(started, "SIGKILL"),
      });
      await new Promise<void>((resolve, reject) => {
        started.once("spawn", resolve);
        started.once("error", reject);
      });
    },
    async send(message) {
      if (child?.stdin?.writable !== true) throw new Error("The tool server has ended.");
      child.stdin.write(`${JSON.stringify(message)}\n`);
    },
    async close() {
      isClosing = true;
      if (child === undefined || ended === undefined) return;
      child.stdin?.end();
      for (const [afterMs, signal] of END_STEPS) {
        const wait = new AbortController();
        const isOver = await Promise.race([
          ended.then(() => true),
          delay(afterMs, false, { signal: wait.signal }).catch(() => false),
        ]);
        wait.abort();
        if (isOver) return;
        killGroup(child, signal);
      }
      await ended;
    },
  };
  return transport;
}

function receive(line: string, transport: MCPTransport): void {
  try {
    transport.onmessage?.(validateJSONRPCMessage(JSON.parse(line)));
  } catch {
    // Programs print all sorts of things to stdout before they are servers.
  }
}

function readLines(
  child: ChildProcess,
  handle: { readonly onLine: (line: string) => void; readonly onOverflow: () => void },
): void {
  let parts: Buffer[] = [];
  let sizeBytes = 0;
  child.stdout?.on("data", (data: Buffer) => {
    let from = 0;
    for (let at = data.indexOf(10); at >= 0; at = data.indexOf(10, from)) {
      handle.onLine(Buffer.concat([...parts, data.subarray(from, at)]).toString("utf8"));
      [parts, sizeBytes, from] = [[], 0, at + 1];
    }
    parts.push(data.subarray(from));
    sizeBytes += data.length - from;
    if (sizeBytes <= LINE_LIMIT_BYTES) return;
    [parts, sizeBytes] = [[], 0];
    handle.onOverflow();
  });
}

function keepEnd(child: ChildProcess): () => string {
  let end = "";
  child.stderr?.on("data", (data: Buffer) => {
    end = (end + data.toString("utf8")).slice(-STDERR_KEEP_CHARS);
  });
  return () => end.trim().toWellFormed();
}

import type { Socket } from "node:net";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { BenchRequest } from "./callbacks.ts";

export interface LoadResult {
  readonly seconds: number;
  /** Milliseconds, ascending. Where a rate was asked for they count from the moment the request was due. */
  readonly latenciesMs: readonly number[];
}

export interface LoadOptions {
  readonly connections: number;
  /** Requests are due at this rate, whether earlier ones were answered or not. Default: as fast as they are answered. */
  readonly perSecond?: number;
  /** Any other status is an error. */
  readonly expectStatus?: number;
  /** Called when all connections are there: WeCom keeps its own, so what opening them costs is no request's. */
  readonly onConnected?: () => void;
}

/**
 * Sends every request once. On bare sockets, because Node's own client costs as much as what is measured here, and
 * it would run on the same cores.
 */
export async function runLoad(
  port: number,
  requests: readonly BenchRequest[],
  options: LoadOptions,
): Promise<LoadResult> {
  const { connections, perSecond, expectStatus = 200 } = options;
  const sockets = await Promise.all(Array.from({ length: connections }, () => openConnection(port)));
  const latenciesMs: number[] = [];
  const waiting = requests.map((request) => encode(port, request)).entries();
  options.onConnected?.();
  const startedAt = performance.now();
  try {
    await Promise.all(
      sockets.map(async (send) => {
        for (const [index, bytes] of waiting) {
          const dueAt = perSecond === undefined ? performance.now() : startedAt + (index * 1000) / perSecond;
          const earlyMs = dueAt - performance.now();
          if (earlyMs > 0) await delay(earlyMs);
          const status = await send(bytes);
          if (status !== expectStatus) throw new Error(`a callback was answered ${status}`);
          latenciesMs.push(performance.now() - dueAt);
        }
      }),
    );
  } finally {
    for (const send of sockets) send.close();
  }
  const seconds = (performance.now() - startedAt) / 1000;
  return { seconds, latenciesMs: latenciesMs.sort((a, b) => a - b) };
}

function encode(port: number, { path, body }: BenchRequest): string {
  const head = [`POST ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, "Content-Type: text/xml"];
  return [...head, `Content-Length: ${Buffer.byteLength(body)}`, "", body].join("\r\n");
}

interface Connection {
  /** Resolves with the status of the answer; rejects when the connection breaks. */
  (bytes: string): Promise<number>;
  close(): void;
}

async function openConnection(port: number): Promise<Connection> {
  const socket = await connected(port);
  let answer = "";
  let settle: { resolve(status: number): void; reject(error: Error): void } | undefined;
  socket.setEncoding("latin1").on("data", (text: string) => {
    answer += text;
    const headEnd = answer.indexOf("\r\n\r\n");
    if (headEnd < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(answer)?.[1] ?? Number.NaN);
    if (answer.length < headEnd + 4 + length) return;
    const status = Number(answer.slice(9, 12));
    answer = "";
    settle?.resolve(status);
  });
  socket.on("error", (error) => settle?.reject(error));
  socket.on("close", () => settle?.reject(new Error("the connection was closed without an answer")));
  const send = (bytes: string) =>
    new Promise<number>((resolve, reject) => {
      settle = { resolve, reject };
      socket.write(bytes);
    });
  return Object.assign(send, { close: () => void socket.destroy() });
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true }, () => resolve(socket));
    socket.once("error", reject);
  });
}

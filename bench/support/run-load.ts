import { Agent, request } from "node:http";
import type { BenchRequest } from "./callbacks.ts";

export interface LoadResult {
  readonly seconds: number;
  /** Milliseconds, ascending. */
  readonly latenciesMs: readonly number[];
}

/** Sends the requests as fast as the given number of connections allows. Any answer but 200 `success` is an error. */
export async function runLoad(
  port: number,
  requests: readonly BenchRequest[],
  connections: number,
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latenciesMs: number[] = [];
  const waiting = requests.values();
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (const next of waiting) {
        const sentAt = performance.now();
        await send(agent, port, next);
        latenciesMs.push(performance.now() - sentAt);
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  agent.destroy();
  return { seconds, latenciesMs: latenciesMs.sort((a, b) => a - b) };
}

function send(agent: Agent, port: number, { path, body }: BenchRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { agent, port, path, host: "127.0.0.1", method: "POST", headers: { "content-type": "text/xml" } },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => {
          text += part;
        });
        response.on("end", () => {
          if (response.statusCode === 200 && text === "success") resolve();
          else reject(new Error(`a callback was answered ${response.statusCode} ${text.slice(0, 100)}`));
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

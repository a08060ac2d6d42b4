import { once } from "node:events";
import type { Server } from "node:http";

/** Resolves when the server listens; rejects in plain words when it cannot. */
export async function listen(server: Server, address: { host: string; port: number }): Promise<void> {
  server.listen(address.port, address.host);
  try {
    await once(server, "listening");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : error;
    throw new Error(
      `Cannot listen on ${address.host}:${address.port} (${String(code)}). Set WORKER_HEALTH_HOST and WORKER_HEALTH_PORT to a free address.`,
    );
  }
}

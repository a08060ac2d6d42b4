import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import type { BodyResult } from "./read-body.ts";
import { readBody } from "./read-body.ts";

const MIB = 1024 * 1024;

describe("readBody", () => {
  const servers: { closeAllConnections(): void; close(): unknown }[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function send(bytes: number, limitBytes: number): Promise<BodyResult> {
    let result: BodyResult | undefined;
    const server = createServer(async (request, response) => {
      result = await readBody(request, limitBytes);
      response.end();
    }).listen(0, "127.0.0.1");
    servers.push(server);
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    await (
      await fetch(`http://127.0.0.1:${port}`, { method: "POST", body: Buffer.alloc(bytes, "a") })
    ).text();
    if (result === undefined) throw new Error("nothing was read");
    return result;
  }

  it.each([
    [1000, 1000],
    [3 * MIB, 3 * MIB],
  ])("keeps %i bytes where %i are allowed", async (bytes, limitBytes) => {
    expect(await send(bytes, limitBytes)).toMatchObject({ status: "read", body: { length: bytes } });
  });

  it.each([
    [1001, 1000],
    [3 * MIB + 1, 3 * MIB],
  ])("refuses %i bytes where %i are allowed, and its sender reads that", async (bytes, limitBytes) => {
    expect(await send(bytes, limitBytes)).toMatchObject({ status: "refused", rejection: { status: 413 } });
  });
});

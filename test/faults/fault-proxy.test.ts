import { once } from "node:events";
import type { Socket } from "node:net";
import { connect, createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { waitUntil } from "../support/wait-until.ts";
import type { FaultProxy } from "./fault-proxy.ts";
import { startFaultProxy } from "./fault-proxy.ts";

// The server answers in capitals, so that what comes back is no echo of the proxy.
const answerTo = (text: string) => text.toUpperCase();

let proxy: FaultProxy;
let received: string;
let server: ReturnType<typeof createServer>;
let serverSockets: Set<Socket>;
beforeEach(async () => {
  received = "";
  serverSockets = new Set();
  server = createServer((socket) => {
    serverSockets.add(socket);
    socket.on("close", () => serverSockets.delete(socket)).on("error", () => undefined);
    socket.setEncoding("latin1").on("data", (text: string) => {
      received += text;
      socket.write(answerTo(text));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  proxy = await startFaultProxy((server.address() as { port: number }).port);
});
afterEach(async () => {
  await proxy.close();
  for (const socket of serverSockets) socket.destroy();
  server.close();
  await once(server, "close");
});

/** A client, what it has read so far, and how its connection ended. */
async function open() {
  const socket = connect(proxy.port, "127.0.0.1");
  const state = { socket, pieces: [] as string[], ended: "" };
  socket.setEncoding("latin1").on("data", (text: string) => void state.pieces.push(text));
  socket.on("error", ({ code }: NodeJS.ErrnoException) => {
    state.ended = code ?? "error";
  });
  socket.on("close", () => {
    state.ended ||= "closed";
  });
  await waitUntil("it is connected or refused", () => socket.readyState === "open" || state.ended);
  const text = () => state.pieces.join("");
  return {
    state,
    text,
    async ask(words: string) {
      const before = text();
      socket.write(words);
      await waitUntil("the answer is there", () => text() === before + answerTo(words));
    },
    untilEnded: () => waitUntil("the connection has ended", () => state.ended),
  };
}

describe("the fault proxy", () => {
  it("hands on both ways, and each end", async () => {
    const client = await open();
    await client.ask("hello");
    await client.ask("x".repeat(3_000_000));
    client.state.socket.end();
    await client.untilEnded();
    await waitUntil("the server sees it as well", () => serverSockets.size === 0);
    expect([client.state.ended, proxy.connections()]).toEqual(["closed", 0]);
  });

  it("down: refuses, closes what was open, and is there again afterwards", async () => {
    const before = await open();
    await before.ask("1");
    await proxy.put({ kind: "down" });
    await before.untilEnded();
    const during = await open();
    expect(during.state.ended).toBe("ECONNREFUSED");
    await proxy.clear();
    await (await open()).ask("2");
  });

  it("half-open: swallows everything; a connection that lived through it stays dead", async () => {
    const before = await open();
    await before.ask("1");
    await proxy.put({ kind: "half-open" });
    const during = await open();
    for (const { state } of [before, during]) state.socket.write("lost");
    await proxy.clear();
    await (await open()).ask("2");
    for (const { state } of [before, during]) state.socket.write("lost, too");
    await (await open()).ask("3");
    expect(received).toBe("123");
    expect([before, during].map(({ state, text }) => [state.ended, text()])).toEqual([
      ["", "1"],
      ["", ""],
    ]);
  });

  it.each(["destroy", "end"] as const)(
    "half-open: neither side learns that the other one has ended (%s)",
    async (how) => {
      const client = await open();
      await client.ask("1");
      const [server] = serverSockets;
      await proxy.put({ kind: "half-open" });
      await proxy.clear();
      client.state.socket[how]();
      // What is passed on is there before what was sent after it.
      await (await open()).ask("2");
      expect([serverSockets.has(server as Socket), server?.readableEnded]).toEqual([true, false]);

      const other = await open();
      await other.ask("3");
      const serverOfOther = [...serverSockets].at(-1);
      await proxy.put({ kind: "half-open" });
      await proxy.clear();
      serverOfOther?.[how]();
      await (await open()).ask("4");
      expect([other.state.ended, other.state.socket.readableEnded]).toEqual(["", false]);
      other.state.socket.destroy();
    },
  );

  it("reset: RST in the middle of an answer", async () => {
    await proxy.put({ kind: "reset", afterBytes: 3 });
    const client = await open();
    client.state.socket.write("hello");
    await client.untilEnded();
    expect([client.state.ended, client.text()]).toEqual(["ECONNRESET", "HEL"]);
    await proxy.clear();
    await (await open()).ask("2");
  });

  it("limit: an end in order after so many bytes", async () => {
    await proxy.put({ kind: "limit", bytes: 4 });
    const client = await open();
    client.state.socket.write("hello");
    await client.untilEnded();
    expect([client.state.ended, client.text()]).toEqual(["closed", "HELL"]);
  });

  it("latency: later by so much, in order", async () => {
    await proxy.put({ kind: "latency", ms: 200, jitterMs: 50 });
    const client = await open();
    const beganMs = performance.now();
    for (const letter of "abcde") {
      client.state.socket.write(letter);
      await waitUntil(`${letter} has arrived`, () => received.endsWith(letter));
    }
    expect(performance.now() - beganMs).toBeGreaterThanOrEqual(5 * 199);
    await waitUntil("all answers are there", () => client.text() === "ABCDE");
  });

  it("latency: bytes travel beside each other", async () => {
    await proxy.put({ kind: "latency", ms: 1000 });
    const client = await open();
    const long = "x".repeat(500_000);
    const beganMs = performance.now();
    await client.ask(long);
    // They arrive in eight pieces at least, each of which is a second late on each way.
    expect(performance.now() - beganMs).toBeLessThan(8000);
  });

  it("slicer: in pieces of at most so many bytes", async () => {
    await proxy.put({ kind: "slicer", bytes: 2, gapMs: 5 });
    const client = await open();
    await client.ask("hello");
    expect(client.state.pieces.length).toBeGreaterThan(2);
  });

  it("bandwidth: not faster than so many bytes a second", async () => {
    await proxy.put({ kind: "bandwidth", bytesPerSecond: 10_000 });
    const client = await open();
    const beganMs = performance.now();
    await client.ask("x".repeat(2000));
    // 2000 bytes last 200 ms on each way, which overlap; the first portion comes at once.
    expect(performance.now() - beganMs).toBeGreaterThanOrEqual(140);
  });

  it("holds a request back, and forgets it when its sender is gone", async () => {
    const hold = proxy.holdRequest((bytes) => bytes === "b");
    const client = await open();
    await client.ask("a");
    client.state.socket.write("b");
    await hold.held;
    expect(received).toBe("a");
    hold.release();
    await waitUntil("it has arrived", () => received === "ab");

    const other = proxy.holdRequest((bytes) => bytes === "c");
    client.state.socket.write("c");
    await other.held;
    client.state.socket.destroy();
    await waitUntil("the server sees it as well", () => serverSockets.size === 0);
    expect(received).toBe("ab");
  });

  it.each(["before", "after"] as const)("cuts a connection %s the server has it", async (when) => {
    const cut = proxy.cutAt({ match: (bytes) => bytes === "b", when });
    const client = await open();
    await client.ask("a");
    client.state.socket.write("b");
    await cut;
    client.state.socket.write("c");
    await (await open()).ask("d");
    expect([received, client.text(), client.state.ended]).toEqual([
      when === "before" ? "ad" : "abd",
      "A",
      "",
    ]);
  });

  it("loses an answer, and the connection with it", async () => {
    const lost = proxy.loseAnswer((bytes) => bytes === "B");
    const client = await open();
    await client.ask("a");
    client.state.socket.write("b");
    await lost;
    await client.untilEnded();
    expect([received, client.text()]).toEqual(["ab", "A"]);
  });

  it("puts a toxic on connections that are open, and takes it off", async () => {
    const client = await open();
    await proxy.put({ kind: "slicer", bytes: 1, gapMs: 1 });
    await client.ask("ab");
    expect(client.state.pieces.length).toBeGreaterThan(1);
    await proxy.clear();
    const before = client.state.pieces.length;
    await client.ask("cd");
    expect(client.state.pieces.length - before).toBeLessThanOrEqual(2);
    await proxy.put({ kind: "limit", bytes: 0 });
    client.state.socket.write("e");
    await client.untilEnded();
    expect(client.state.ended).toBe("closed");
  });
});

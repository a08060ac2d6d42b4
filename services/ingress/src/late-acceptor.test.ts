import type { Acceptor, InboundMessage } from "@gateway/conversation";
import { describe, expect, it } from "@jest/globals";
import type { Redis } from "ioredis";
import { createLateAcceptor } from "./late-acceptor.ts";

const message = { v: 1, id: "cb-1" } as InboundMessage;

/** Every acceptor that is created works or fails as `works` says. */
function harness() {
  const connection: { status: Redis["status"] } = { status: "connecting" };
  const state = { works: false, created: 0, closed: 0 };
  const create = (): Acceptor => {
    state.created += 1;
    return {
      accept: async () => {
        if (!state.works) throw new Error("the queue failed to start");
        return "accepted";
      },
      close: async () => {
        state.closed += 1;
        throw new Error("Connection is closed.");
      },
    };
  };
  return { connection, state, late: createLateAcceptor({ connection, create }) };
}

describe("an acceptor created before Redis is there", () => {
  it("creates nothing until there is a connection", async () => {
    const { late, state } = harness();
    await expect(late.accept(message)).rejects.toThrow("Connection is closed.");
    expect(state.created).toBe(0);
    await late.close();
  });

  it("is made anew until it has worked once", async () => {
    const { late, state, connection } = harness();
    connection.status = "ready";
    await Promise.allSettled([late.accept(message), late.accept(message)]);
    await expect(late.accept(message)).rejects.toThrow("failed to start");
    expect(state).toMatchObject({ created: 2, closed: 2 });
    state.works = true;
    expect(await late.accept(message)).toBe("accepted");
    expect(state.created).toBe(3);
  });

  it("is kept through later outages", async () => {
    const { late, state, connection } = harness();
    connection.status = "ready";
    state.works = true;
    await late.accept(message);
    state.works = false;
    connection.status = "reconnecting";
    await expect(late.accept(message)).rejects.toThrow();
    state.works = true;
    connection.status = "ready";
    await late.accept(message);
    expect(state).toMatchObject({ created: 1, closed: 0 });
  });
});

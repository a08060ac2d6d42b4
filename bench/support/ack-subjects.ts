import { startStack } from "../../test/support/stack.ts";
import { startBaseline } from "./baseline.ts";
import type { BenchRequest } from "./callbacks.ts";
import { createCallbacks } from "./callbacks.ts";
import { separate } from "./processors.ts";

type Name =
  | "bare node:http"
  | "express that reads the body"
  | "express + one Redis write"
  | "ingress, 1 app"
  | "ingress, 50 apps"
  | "ingress, forged signatures";

/** One process that is measured, and what it is sent. */
interface Subject {
  readonly name: Name;
  readonly port: number;
  readonly pid: number;
  readonly prepare: (count: number) => BenchRequest[];
  readonly expectStatus: number;
}

const FIFTY = Array.from({ length: 50 }, (_, index) => `app${index}`);

/** Everything that bench/ack.ts compares, each in a process of its own, so that none has learned from another's load. */
export async function startAckSubjects() {
  const [one, fifty] = await Promise.all([
    startStack({ workers: 0, ingress: 2 }),
    startStack({ workers: 0, apps: FIFTY }),
  ]);
  const names = ["node-http", "express-body", "express-redis"] as const;
  const baselines = await Promise.all(names.map((name) => startBaseline(name, one.redis.url)));
  const processes = [...one.ingress, ...fifty.ingress].map(({ port, process: { pid } }) => ({ port, pid }));
  const [good, bad, many] = processes;
  const [bare, body, stored] = baselines;
  if (!good || !bad || !many || !bare || !body || !stored) throw new Error("something was not started");
  const ofOne = (count: number) => createCallbacks(one.apps, count);
  const plain = (name: Name, { port, pid }: { port: number; pid: number }): Subject => {
    return { name, port, pid, prepare: ofOne, expectStatus: 200 };
  };
  const ingress = plain("ingress, 1 app", good);
  const all: readonly Subject[] = [
    plain("bare node:http", bare),
    plain("express that reads the body", body),
    plain("express + one Redis write", stored),
    ingress,
    { ...plain("ingress, 50 apps", many), prepare: (count) => createCallbacks(fifty.apps, count) },
    {
      ...plain("ingress, forged signatures", bad),
      prepare: (count) => createCallbacks(one.apps, count, { forged: true }),
      expectStatus: 403,
    },
  ];
  const redis = [one.redis.client(), fifty.redis.client()];
  const redisPids = await Promise.all(redis.map(async (client) => processId(await client.info("server"))));
  const areSeparate = separate(
    all.map(({ pid }) => pid),
    [process.pid, ...redisPids],
  );
  return {
    all,
    /** Each has a processor for itself while it is measured. */
    areSeparate,
    ingress,
    flush: () => Promise.all(redis.map((client) => client.flushall())),
    stop: () => Promise.all([one.stop(), fifty.stop(), ...baselines.map(({ stop }) => stop())]),
  };
}

function processId(info: string): number {
  return Number(/process_id:(\d+)/.exec(info)?.[1]);
}

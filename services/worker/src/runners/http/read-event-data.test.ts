import { Readable } from "node:stream";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { AgentFault } from "./agent-fault.ts";
import { readEventData } from "./read-event-data.ts";

const LIMIT_BYTES = 30 * 1024 * 1024;

async function read(parts: readonly Buffer[], limitBytes = LIMIT_BYTES): Promise<string[]> {
  const all: string[] = [];
  for await (const data of readEventData(Readable.from(parts), limitBytes)) all.push(data);
  return all;
}

/** The same bytes as a network may bring them. */
function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const parts: Buffer[] = [];
  let from = 0;
  for (const size of sizes) {
    parts.push(bytes.subarray(from, from + size));
    from += size;
  }
  return [...parts, bytes.subarray(from)];
}

const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 40 });

describe("readEventData", () => {
  it("reads the data of every event, whichever line ends and wherever the network cuts", async () => {
    const line = fc
      .string({ unit: "grapheme", maxLength: 12 })
      .map((text) => text.toWellFormed().replace(/[\r\n]/g, ""));
    const event = fc.record({
      data: fc.array(line, { minLength: 1, maxLength: 3 }),
      noise: fc.constantFrom([], [": ping"], ["id: 1", "event: x"], ["retry"]),
    });
    const end = fc.constantFrom("\n", "\r\n");
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 5 }), end, sizes, async (events, lineEnd, parts) => {
        const lines = events.flatMap(({ data, noise }) => [
          ...noise,
          ...data.map((text) => `data: ${text}`),
          "",
        ]);
        const bytes = Buffer.from(lines.map((text) => text + lineEnd).join(""));
        expect(await read(cut(bytes, parts))).toEqual(events.map(({ data }) => data.join("\n")));
      }),
    );
  });

  it("makes the same of any bytes, wherever the network cuts", async () => {
    const piece = fc.oneof(
      fc
        .constantFrom("data:", "data: ", "\n", "\r", "\r\n", "\n\n", "{}", ":", "\0", "字", "😀")
        .map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
    );
    const bytes = fc.array(piece, { maxLength: 30 }).map((pieces) => Buffer.concat(pieces));
    await fc.assert(
      fc.asyncProperty(bytes, sizes, async (all, parts) => {
        expect(await read(cut(all, parts))).toEqual(await read([all]));
      }),
    );
  });

  it("takes as long for one event of eight megabytes, as a file in base64 is, as for eight of one", async () => {
    const cpuFor = async (events: number, megabytes: number) => {
      const part = Buffer.alloc(16 * 1024, "A");
      const event = [Buffer.from("data: "), ...Array(megabytes * 64).fill(part), Buffer.from("\n\n")];
      const before = process.cpuUsage();
      await read(Array.from({ length: events }, () => event).flat());
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const rounds: [number, number][] = [];
    for (let round = 0; round < 4; round += 1) rounds.push([await cpuFor(1, 8), await cpuFor(8, 1)]);
    const fastest = (side: 0 | 1) => Math.min(...rounds.map((round) => round[side]));
    // Quadratic work would take eight times as long.
    expect(fastest(0) / fastest(1)).toBeLessThan(4);
  });

  it("ends what is too long", async () => {
    await expect(read([Buffer.from("data: 1\n\n"), Buffer.alloc(100)], 50)).rejects.toThrow(AgentFault);
  });
});

import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "./random.ts";

/**
 * What a connection suffers.
 *
 * down: nobody listens; connections that were open are closed.
 * half-open: connections are accepted, what is sent vanishes, nothing comes. A connection that lived through it is
 *   dead for good, as one whose peer has lost its power: only whoever waits on it can find out.
 * reset: RST in the place of the answer's byte after the first `afterBytes`.
 * limit: the connection is closed in order after this many bytes of the answer.
 * latency: every byte comes this much later, in either direction.
 * slicer: bytes come in pieces, with a gap between two.
 * bandwidth: bytes come at this rate, in either direction.
 */
export type Toxic =
  | { readonly kind: "down" }
  | { readonly kind: "half-open" }
  | { readonly kind: "reset"; readonly afterBytes: number }
  | { readonly kind: "limit"; readonly bytes: number }
  | { readonly kind: "latency"; readonly ms: number; readonly jitterMs?: number }
  | { readonly kind: "slicer"; readonly bytes: number; readonly gapMs: number }
  | { readonly kind: "bandwidth"; readonly bytesPerSecond: number };

/** Bandwidth is given out in portions, so often in a second. */
const PORTIONS_PER_SECOND = 20;

/** Writes what arrived at `arrivedMs` (of performance.now) to the other side, in the toxic's way and no other. */
export async function carry(
  bytes: Buffer,
  to: Socket,
  how: { readonly toxic: Toxic | undefined; readonly arrivedMs: number; readonly random: Random },
): Promise<void> {
  const { toxic, arrivedMs, random } = how;
  if (toxic?.kind === "latency") {
    const delayMs = toxic.ms + random.next() * (toxic.jitterMs ?? 0);
    await sleep(Math.max(0, arrivedMs + delayMs - performance.now()));
    return write(bytes, to);
  }
  if (toxic?.kind === "slicer") return await inPieces(bytes, to, toxic.bytes, toxic.gapMs);
  if (toxic?.kind === "bandwidth") {
    const portion = Math.max(1, Math.floor(toxic.bytesPerSecond / PORTIONS_PER_SECOND));
    return await inPieces(bytes, to, portion, 1000 / PORTIONS_PER_SECOND);
  }
  write(bytes, to);
}

async function inPieces(bytes: Buffer, to: Socket, size: number, gapMs: number): Promise<void> {
  for (let from = 0; from < bytes.length && !to.destroyed; from += size) {
    write(bytes.subarray(from, from + size), to);
    await sleep(gapMs);
  }
}

function write(bytes: Buffer, to: Socket): void {
  if (!to.destroyed) to.write(bytes);
}

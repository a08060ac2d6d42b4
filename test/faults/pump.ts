import type { Socket } from "node:net";

/** More than this on its way in one direction of a connection, and its sender has to wait. */
const IN_FLIGHT_BYTES = 1 << 20;

/** Hands on what comes in, piece after piece and then its end: each is looked at at once, and what is returned acts in turn. */
export function pump(
  from: Socket,
  handle: (bytes: Buffer, arrivedMs: number) => () => Promise<void>,
  end: () => void,
): void {
  let order = Promise.resolve();
  let inFlight = 0;
  from.on("data", (bytes: Buffer) => {
    inFlight += bytes.length;
    if (inFlight > IN_FLIGHT_BYTES) from.pause();
    const act = handle(bytes, performance.now());
    order = order.then(act).then(() => {
      inFlight -= bytes.length;
      if (inFlight <= IN_FLIGHT_BYTES) from.resume();
    });
  });
  from.on("end", () => {
    order = order.then(end);
  });
}

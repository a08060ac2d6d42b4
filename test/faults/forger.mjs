// Sends the request in FORGED, base64, to PORT: PER_SECOND of them, or as many as are answered, over connections that are
// kept. A process of its own: whoever measures must not be busy with forging. Prints what was answered when it is told to end.
import { connect } from "node:net";

const CONNECTIONS = 32;
/** Under way on each: so that the other side never waits for more, and no queue is longer than it has to be. */
const UNDER_WAY = 2;
const TICK_MS = 10;
const { FORGED = "", PORT = "", PER_SECOND = "" } = process.env;
const request = Buffer.from(FORGED, "base64");
const perTick = (Number(PER_SECOND) * TICK_MS) / 1000;
/** @type {Record<string, number>} */
const statuses = {};
const began = performance.now();
let allowed = 0;

function open() {
  const socket = connect({ port: Number(PORT), host: "127.0.0.1" });
  let waiting = 0;
  const send = () => {
    for (; allowed >= 1 && waiting < UNDER_WAY && socket.writable; allowed -= 1) {
      waiting += 1;
      socket.write(request);
    }
  };
  const timer = setInterval(send, TICK_MS);
  socket.setEncoding("latin1").on("error", () => undefined);
  socket.on("data", (text) => {
    for (const [, status = ""] of String(text).matchAll(/HTTP\/1\.1 (\d{3}) /g)) {
      waiting -= 1;
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
    send();
  });
  socket.on("close", () => {
    clearInterval(timer);
    setTimeout(open, TICK_MS);
  });
}

setInterval(() => {
  allowed = Math.min(allowed, perTick) + perTick;
}, TICK_MS);
for (let connection = 0; connection < CONNECTIONS; connection += 1) open();
process.once("SIGTERM", () => {
  const told = { statuses, seconds: (performance.now() - began) / 1000 };
  process.stdout.write(JSON.stringify(told), () => process.exit(0));
});

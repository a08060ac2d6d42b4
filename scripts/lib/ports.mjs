import { connect, createServer } from "node:net";
import { PlainError } from "./plain-error.mjs";

/**
 * A TCP port on 127.0.0.1 that was free a moment ago. Somebody else may take it before you do: be ready to ask again.
 *
 * @returns {Promise<number>}
 */
export async function freePort() {
  const server = await listen(0, "127.0.0.1");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("the system gave no TCP port");
  return address.port;
}

/**
 * @param {number} port
 * @param {string} [host]
 * @returns {Promise<boolean>}
 */
export async function isPortFree(port, host = "127.0.0.1") {
  // Two programs may bind one port on different addresses, so ask both ways.
  if (await answers(port)) return false;
  try {
    const server = await listen(port, host);
    await new Promise((resolve) => server.close(resolve));
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EADDRINUSE") return false;
    throw error;
  }
}

/**
 * Fails in plain words when one of the ports is taken.
 *
 * @param {readonly { name: string, variable: string, port: number, host?: string }[]} wanted
 */
export async function requireFreePorts(wanted) {
  const taken = [];
  for (const entry of wanted) {
    if (!(await isPortFree(entry.port, entry.host))) taken.push(entry);
  }
  if (taken.length === 0) return;
  const lines = taken.map(
    ({ name, variable, port }) =>
      `Port ${port} is taken, and ${name} needs it. Choose another one with ${variable}=${port + 100}.`,
  );
  const hint = "If the gateway already runs in another window, stop that one first (Ctrl-C there).";
  throw new PlainError([...lines, hint].join("\n"));
}

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<import("node:net").Server>}
 */
function listen(port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, host, () => resolve(server));
  });
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function answers(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    /** @param {boolean} answer */
    const finish = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => finish(true));
    socket.once("connect", () => finish(true));
    socket.once("error", () => finish(false));
  });
}

import { createServer } from "node:net";

/**
 * A TCP port on 127.0.0.1 that was free a moment ago. Somebody else may take it before you do: be ready to ask again.
 *
 * @returns {Promise<number>}
 */
export async function freePort() {
  const server = await listen(0);
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("the system gave no TCP port");
  return address.port;
}

/**
 * @param {number} port
 * @returns {Promise<import("node:net").Server>}
 */
function listen(port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

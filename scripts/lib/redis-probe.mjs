import { connect } from "node:net";

const PROBE_TIMEOUT_MS = 1_000;

/**
 * The data folder of the Redis on a local port; undefined when no Redis answers there.
 *
 * @param {number} port
 * @returns {Promise<string | undefined>}
 */
export function redisDataDir(port) {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect({ port, host: "127.0.0.1" }, () => socket.write("CONFIG GET dir\r\n"));
    const finish = () => {
      socket.destroy();
      // *2 $3 dir $<length> <path>, one per line.
      const lines = answer.split("\r\n");
      resolve(lines[0] === "*2" && lines[2] === "dir" ? lines[4] : undefined);
    };
    socket.setTimeout(PROBE_TIMEOUT_MS, finish);
    socket.once("error", finish);
    socket.once("end", finish);
    socket.on("data", (bytes) => {
      answer += bytes.toString("utf8");
      if (answer.split("\r\n").length > 5 || answer.startsWith("-")) finish();
    });
  });
}

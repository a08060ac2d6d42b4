/** npm hands a Ctrl-C on to us that the terminal has already delivered: one key press may arrive twice. */
const SAME_PRESS_MS = 500;

/**
 * Resolves at the first Ctrl-C (or SIGTERM, or a closed terminal); a second one later calls `force`.
 *
 * @param {() => void} force
 * @returns {Promise<string>}
 */
export function untilStopSignal(force) {
  return new Promise((resolve) => {
    /** @type {number | undefined} */
    let firstAt;
    for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
      process.on(signal, () => {
        if (firstAt === undefined) {
          firstAt = performance.now();
          resolve(signal);
        } else if (performance.now() - firstAt > SAME_PRESS_MS) {
          force();
        }
      });
    }
  });
}

import { randomBytes, randomInt } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/**
 * @typedef {object} DemoApp an app of the emulator, under the names of the gateway's configuration file
 * @property {string} name
 * @property {string} corp_id
 * @property {string} corp_secret
 * @property {string} agent_id
 * @property {string} token
 * @property {string} encoding_aes_key
 */

/**
 * The demo's apps: two corps, so that it shows more than one. Made up once per machine and kept, because queued
 * messages and the user map refer to them.
 *
 * @param {string} file
 * @returns {DemoApp[]}
 */
export function demoApps(file) {
  return keep(file, () => [
    makeApp({ name: "assistant", agentId: "1000002" }),
    makeApp({ name: "research", agentId: "1000002" }),
  ]);
}

/**
 * The console's password on this machine.
 *
 * @param {string} file
 * @returns {string}
 */
export function consolePassword(file) {
  return keep(file, () => randomBytes(12).toString("base64url"));
}

/**
 * @param {{ name: string, agentId: string }} app
 * @returns {DemoApp}
 */
export function makeApp({ name, agentId }) {
  return {
    name,
    corp_id: `ww${randomBytes(8).toString("hex")}`,
    corp_secret: randomText(43),
    agent_id: agentId,
    token: randomText(32),
    // 32 bytes as base64 without its "=". The platform hands out letters and digits only, and the last of the
    // 43 carries four bits, so not every letter can stand there.
    encoding_aes_key: `${randomText(42)}${randomText(1, "AEIMQUYcgkosw048")}`,
  };
}

/**
 * @param {number} length
 * @param {string} letters
 */
function randomText(length, letters = LETTERS) {
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join("");
}

/**
 * Reads what was made up before, or makes it up and keeps it, readable for its owner only.
 *
 * @template Value
 * @param {string} file
 * @param {() => Value} make
 * @returns {Value}
 */
function keep(file, make) {
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  const value = make();
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  return value;
}

import { execFileSync } from "node:child_process";
import { cpus, loadavg, totalmem } from "node:os";
import { findRedisServer } from "./redis-server.mjs";

/**
 * What figures were measured on, in one line.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export function describeMachine(env) {
  const gigabytes = (totalmem() / 2 ** 30).toFixed(0);
  const load = (loadavg()[0] ?? 0).toFixed(1);
  return [
    `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown CPU"}`,
    `${gigabytes} GB`,
    `Node ${process.version}`,
    redisVersion(env),
    `load ${load} before`,
  ].join(", ");
}

/** @param {NodeJS.ProcessEnv} env */
function redisVersion(env) {
  const binary = findRedisServer(env);
  if (binary === undefined) return "no Redis";
  const text = execFileSync(binary, ["--version"], { encoding: "utf8" });
  return `${text.startsWith("Valkey") ? "Valkey" : "Redis"} ${/v=(\S+)/u.exec(text)?.[1] ?? ""}`.trim();
}

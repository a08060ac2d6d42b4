import { cpus, loadavg } from "node:os";

/** full: figures to publish. quick: to see the effect of a change. smoke: that the benchmark works at all. */
type Scale = "full" | "quick" | "smoke";

export const scale: Scale = process.argv.includes("--smoke")
  ? "smoke"
  : process.argv.includes("--quick")
    ? "quick"
    : "full";

/** How large something is at the scale of this run. */
export function sized<Value>(full: Value, quick: Value, smoke: Value): Value {
  return { full, quick, smoke }[scale];
}

export function describeMachine(): string {
  const load = (loadavg()[0] ?? Number.NaN).toFixed(1);
  return `${cpus().length} × ${cpus()[0]?.model ?? "unknown CPU"}, Node ${process.version}, load ${load} before the run`;
}

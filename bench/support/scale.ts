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

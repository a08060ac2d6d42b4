const UNITS = [
  { ms: 86_400_000, unit: "day" },
  { ms: 3_600_000, unit: "hour" },
  { ms: 60_000, unit: "minute" },
] as const;

/** A duration for a glance: one unit, rounded down, "0 seconds" at least. */
export function formatDuration(locale: string, durationMs: number): string {
  const { ms, unit } = UNITS.find((candidate) => durationMs >= candidate.ms) ?? { ms: 1000, unit: "second" };
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" }).format(
    Math.floor(Math.max(0, durationMs) / ms),
  );
}

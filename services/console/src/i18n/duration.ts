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

/** A duration to be compared with others: "340 ms", "2.4 sec", from a minute on like formatDuration with seconds. */
export function formatPreciseDuration(locale: string, durationMs: number): string {
  const ms = Math.max(0, durationMs);
  const unitOf = (unit: string, value: number, digits = 0) =>
    new Intl.NumberFormat(locale, {
      ...{ style: "unit", unit, unitDisplay: "short" },
      maximumFractionDigits: digits,
    }).format(value);
  if (ms < 1000) return unitOf("millisecond", Math.round(ms));
  if (ms < 60_000) return unitOf("second", ms / 1000, 1);
  if (ms >= 3_600_000) return formatDuration(locale, ms);
  return `${unitOf("minute", Math.floor(ms / 60_000))} ${unitOf("second", Math.floor((ms % 60_000) / 1000))}`;
}

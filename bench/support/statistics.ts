export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** @param ascending sorted values */
export function percentile(ascending: readonly number[], share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? Number.NaN;
}

/** Between which values the middle half of them lies. */
export function middleHalf(values: readonly number[]): readonly [number, number] {
  const ascending = [...values].sort((a, b) => a - b);
  return [percentile(ascending, 0.25), percentile(ascending, 0.75)];
}

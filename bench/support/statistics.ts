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

/**
 * Between which values the median lies with 95 % of certainty, whatever the values are distributed like: those that are
 * 0.98 √n ranks from the middle.
 */
export function medianInterval(values: readonly number[]): readonly [number, number] {
  const ascending = [...values].sort((a, b) => a - b);
  const rank = Math.max(0, Math.floor((ascending.length - 1.96 * Math.sqrt(ascending.length)) / 2));
  return [ascending[rank] ?? Number.NaN, ascending.at(-1 - rank) ?? Number.NaN];
}

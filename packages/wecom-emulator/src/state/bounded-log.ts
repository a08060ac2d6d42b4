/** Keeps the newest entries, by count and by weight, and forgets the oldest. */
export interface BoundedLog<T> {
  add(entry: T, weight?: number): void;
  /** Oldest first. */
  all(): readonly T[];
  clear(): void;
  readonly size: number;
}

export interface BoundedLogOptions<T> {
  readonly maxEntries: number;
  readonly maxWeight?: number;
  readonly onEvict?: (entry: T) => void;
}

export function createBoundedLog<T>({
  maxEntries,
  maxWeight = Infinity,
  onEvict,
}: BoundedLogOptions<T>): BoundedLog<T> {
  let entries: T[] = [];
  let weights: number[] = [];
  let first = 0;
  let totalWeight = 0;

  function evictFirst(): void {
    const [entry] = entries.slice(first, first + 1);
    totalWeight -= weights[first] ?? 0;
    first += 1;
    if (entry !== undefined) onEvict?.(entry);
    // Compact now and then, so that eviction stays cheap and the arrays stay short.
    if (first > 64 && first * 2 > entries.length) {
      entries = entries.slice(first);
      weights = weights.slice(first);
      first = 0;
    }
  }

  return {
    add(entry, weight = 0) {
      entries.push(entry);
      weights.push(weight);
      totalWeight += weight;
      while (entries.length - first > 1 && (entries.length - first > maxEntries || totalWeight > maxWeight))
        evictFirst();
    },
    all: () => entries.slice(first),
    clear() {
      entries = [];
      weights = [];
      first = 0;
      totalWeight = 0;
    },
    get size() {
      return entries.length - first;
    },
  };
}

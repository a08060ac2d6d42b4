/** More different values than this of one label are a fault of ours, not something to store. */
const VALUES = 200;

/**
 * Keeps a label's values few: those seen first pass, anything beyond the limit is "other". A metric has a time
 * series for each value, so a label that the outside world can choose would fill Prometheus's memory and ours.
 */
export function createLabelLimit(limit: number = VALUES): (value: string) => string {
  const seen = new Set<string>();
  return (value) => {
    if (seen.has(value)) return value;
    if (seen.size >= limit) return "other";
    seen.add(value);
    return value;
  };
}

/** Commands of one pipeline at most come from this many items: Redis answers others in between. */
const PAGE = 250;

export async function readInPages<Item, Result>(
  items: readonly Item[],
  read: (page: readonly Item[]) => Promise<readonly Result[]>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += PAGE)
    results.push(...(await read(items.slice(from, from + PAGE))));
  return results;
}

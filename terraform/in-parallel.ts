/** Processes items in parallel and returns the results in the order of the items. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  parallelism: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: parallelism }, worker));
  return results;
}

/** All subsets of up to `itemsMax` items; of more, only none, all, and those of one or two, and they are not complete. */
export function boundedSubsets<T>(
  items: readonly T[],
  itemsMax: number,
): { readonly subsets: readonly ReadonlySet<T>[]; readonly complete: boolean } {
  if (items.length <= itemsMax) {
    const subsets = Array.from({ length: 2 ** items.length }, (_, bits) => new Set(items.filter((__, index) => (bits & (1 << index)) !== 0)));
    return { subsets, complete: true };
  }
  const few: Set<T>[] = [new Set(), new Set(items)];
  for (const [index, item] of items.entries()) {
    few.push(new Set([item]));
    for (const other of items.slice(index + 1)) few.push(new Set([item, other]));
  }
  return { subsets: few, complete: false };
}

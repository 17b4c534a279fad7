/** Context keys without repetitions: in the order and the spelling of their first mention, told apart without regard to case. */
export function uniqueKeys(keys: Iterable<string>): string[] {
  const bySpelling = new Map<string, string>();
  for (const key of keys) if (!bySpelling.has(key.toLowerCase())) bySpelling.set(key.toLowerCase(), key);
  return [...bySpelling.values()];
}

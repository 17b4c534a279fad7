import type { ConditionEntry } from '../document.ts';
import type { OperatorFamily } from '../operators.ts';
import type { RequestContext } from '../request.ts';
import { parsePolicyDate } from '../values/date.ts';
import { parseIpRange, type IpAddress } from '../values/ip-address.ts';
import { parsePolicyNumber } from '../values/number.ts';
import { anyCasePattern, arnTextPattern, stringPattern } from './text-patterns.ts';
import { RUN, textRegions, type TextPattern } from './text-regions.ts';
import type { Work } from './work.ts';

/** A comparison of a key, and whether its document knows variables. */
export interface KeyedEntry {
  readonly entry: ConditionEntry;
  readonly variables: boolean;
}

export interface Values {
  readonly values: readonly string[];
  /** Why there may be regions without a value; none where all have one. */
  readonly gaps: readonly string[];
}

/** Not readable as a number, a date or an address. */
const UNREADABLE = 'unreadable';

const TEXT: ReadonlySet<OperatorFamily> = new Set(['String', 'StringIgnoreCase', 'StringLike', 'Arn', 'Bool']);

/** One value of a key for each way that the entries, which are all about it, can judge a value. `given`: what variables stand for. */
export function valueCandidates(entries: readonly KeyedEntry[], given: RequestContext, work: Work): Values {
  const families = new Set(entries.map(({ entry }) => entry.operator.family).filter((family) => family !== 'Null'));
  const values = new Set<string>();
  const gaps: string[] = [];
  const ofFamily = (family: OperatorFamily): string[] =>
    entries.filter(({ entry }) => entry.operator.family === family).flatMap(({ entry }) => entry.values.map(({ value }) => value));
  if (families.has('Numeric')) for (const value of numbersAround(ofFamily('Numeric'))) values.add(value);
  if (families.has('Date')) for (const value of datesAround(ofFamily('Date'))) values.add(value);
  if (families.has('IpAddress')) for (const value of addressesAround(ofFamily('IpAddress'))) values.add(value);
  if (families.has('Binary')) for (const value of [...ofFamily('Binary'), freshBinary(ofFamily('Binary'))]) values.add(value);
  const ordered = families.has('Numeric') || families.has('Date') || families.has('IpAddress');
  if (ordered) values.add(UNREADABLE);
  const texts = entries.filter(({ entry }) => TEXT.has(entry.operator.family));
  if (texts.length > 0) {
    const regions = textRegions(
      texts.flatMap((keyed) => patternsOf(keyed, given)),
      [RUN],
      work,
    );
    for (const value of regions.texts) values.add(value);
    if (!regions.complete) gaps.push(`the values of ${entries[0]?.entry.key} have too many regions`);
  }
  const kinds = [...families].filter((family) => !TEXT.has(family)).length + (texts.length > 0 ? 1 : 0);
  if (kinds > 1) gaps.push(`${entries[0]?.entry.key} is compared in more than one way (${[...families].join(', ')})`);
  if (kinds === 0) values.add('any');
  return { values: [...values], gaps };
}

function patternsOf({ entry, variables }: KeyedEntry, given: RequestContext): TextPattern[] {
  const reading = { variables, values: given };
  return entry.values.flatMap(({ value }): TextPattern[] => {
    const pattern = textPatternOf(entry.operator.family, value, reading);
    return pattern === undefined ? [] : [pattern];
  });
}

function textPatternOf(family: OperatorFamily, value: string, reading: { variables: boolean; values: RequestContext }): TextPattern | undefined {
  if (family === 'Bool') return anyCasePattern(value);
  if (family === 'Arn') return arnTextPattern(value, reading);
  const pattern = stringPattern(value, family === 'StringLike', reading);
  if (family !== 'StringIgnoreCase' || pattern === undefined) return pattern;
  return anyCasePattern(textOf(pattern));
}

function textOf(pattern: TextPattern): string {
  return String.fromCodePoint(...pattern.flatMap((element) => (typeof element === 'number' ? [] : element.slice(0, 1))));
}

/** The limits themselves and a number in each gap between them. */
function numbersAround(texts: readonly string[]): string[] {
  const limits = sortedNumbers(texts.map(parsePolicyNumber));
  const points: number[] = [];
  for (const [index, limit] of limits.entries()) {
    const before = limits[index - 1];
    points.push(before === undefined ? limit - 1 : before + (limit - before) / 2, limit);
  }
  const last = limits.at(-1);
  if (last !== undefined) points.push(last + Math.max(1, Math.abs(last)));
  return points.filter(Number.isFinite).map(String);
}

/** Milliseconds are as finely as requests tell moments apart. */
function datesAround(texts: readonly string[]): string[] {
  const limits = sortedNumbers(texts.map(parsePolicyDate));
  return limits.flatMap((limit) => [limit - 1, limit, limit + 1]).flatMap(dateText);
}

function dateText(milliseconds: number): string[] {
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime())) return [];
  const text = date.toISOString();
  return parsePolicyDate(text) === milliseconds ? [text] : [];
}

function sortedNumbers(numbers: readonly number[]): number[] {
  return [...new Set(numbers.filter((number) => !Number.isNaN(number)))].sort((one, other) => one - other);
}

/** Bytes that are none of the policy's. */
function freshBinary(texts: readonly string[]): string {
  return Buffer.from(`other than ${texts.join()}`).toString('base64');
}

const WORD = 32n;
const ADDRESS_END = 1n << 128n;
/** IPv4 stands within IPv6, see `IpAddress`. */
const IPV4_START = 0xffff_0000_0000n;
const IPV4_END = 0x1_0000_0000_0000n;

/** The first address of every stretch within which no range begins or ends. */
function addressesAround(texts: readonly string[]): string[] {
  const starts = new Set<bigint>([IPV4_START, 0n, IPV4_END]);
  for (const text of texts) {
    const range = parseIpRange(text);
    if (range === undefined) continue;
    const size = 1n << BigInt(128 - range.bits);
    const first = (toBigInt(range.address) / size) * size;
    starts.add(first).add(first + size);
  }
  return [...starts].filter((start) => start < ADDRESS_END).map(addressText);
}

function toBigInt(address: IpAddress): bigint {
  return address.reduce((sum, word) => (sum << WORD) | BigInt(word), 0n);
}

function addressText(address: bigint): string {
  if (address >= IPV4_START && address < IPV4_END) return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 0xffn).join('.');
  return Array.from({ length: 8 }, (_, group) => ((address >> BigInt(112 - 16 * group)) & 0xffffn).toString(16)).join(':');
}

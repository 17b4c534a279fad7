/**
 * An IP address as four unsigned 32-bit words, the first the most significant. IPv4 stands in the last word behind the prefix
 * of the IPv4-mapped addresses (RFC 4291, 2.5.5.2), so that `::ffff:10.0.0.1` and `10.0.0.1` are one address.
 */
export type IpAddress = readonly [number, number, number, number];

/** A range of addresses in CIDR notation; `bits` counts from the front of the 128-bit form. */
export interface IpRange {
  readonly address: IpAddress;
  readonly bits: number;
  /** Whether it was written as IPv6 with an IPv4 address embedded. */
  readonly mapped: boolean;
}

const MAPPED_PREFIX = 0xffff;
const IPV4_OFFSET_BITS = 96;

/** Reads an IPv4 or IPv6 address; undefined for anything else (leading zeros, zones and spaces included). */
export function parseIpAddress(text: string): IpAddress | undefined {
  if (!text.includes(':')) {
    const word = parseIpv4(text, 0, text.length);
    return word < 0 ? undefined : [0, 0, MAPPED_PREFIX, word];
  }
  return parseIpv6(text);
}

/** Reads `address` or `address/bits`; undefined for anything else. */
export function parseIpRange(text: string): IpRange | undefined {
  const slash = text.indexOf('/');
  const address = parseIpAddress(slash === -1 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const isIpv4 = !text.includes(':');
  const mapped = !isIpv4 && isMapped(address);
  if (slash === -1) return { address, bits: 128, mapped };
  const digits = text.slice(slash + 1);
  if (!/^(0|[1-9][0-9]{0,2})$/.test(digits)) return undefined;
  const bits = Number(digits) + (isIpv4 ? IPV4_OFFSET_BITS : 0);
  return bits > 128 ? undefined : { address, bits, mapped };
}

/** Whether an address lies in a range. */
export function isInRange(address: IpAddress, range: IpRange): boolean {
  let bits = range.bits;
  for (let word = 0; word < 4 && bits > 0; word += 1, bits -= 32) {
    const difference = (address[word] as number) ^ (range.address[word] as number);
    if (bits >= 32 ? difference !== 0 : difference >>> (32 - bits) !== 0) return false;
  }
  // An IPv6 range shorter than the mapped prefix (::/0 and the like) is about IPv6 addresses alone.
  return range.bits >= IPV4_OFFSET_BITS || isMapped(range.address) || !isMapped(address);
}

function isMapped(address: IpAddress): boolean {
  return address[0] === 0 && address[1] === 0 && address[2] === MAPPED_PREFIX;
}

/** The address in one word, or -1. */
function parseIpv4(text: string, start: number, end: number): number {
  let word = 0;
  let octets = 0;
  let octet = -1;
  for (let index = start; index <= end; index += 1) {
    const code = index === end ? 0x2e : text.charCodeAt(index);
    if (code === 0x2e) {
      if (octet < 0 || octets === 4) return -1;
      word = word * 256 + octet;
      octets += 1;
      octet = -1;
      continue;
    }
    const digit = code - 0x30;
    if (digit < 0 || digit > 9 || octet === 0) return -1;
    octet = octet < 0 ? digit : octet * 10 + digit;
    if (octet > 255) return -1;
  }
  return octets === 4 ? word : -1;
}

function parseIpv6(text: string): IpAddress | undefined {
  const gap = text.indexOf('::');
  if (gap !== -1 && text.indexOf('::', gap + 1) !== -1) return undefined;
  const head = parseGroups(gap === -1 ? text : text.slice(0, gap), gap === -1);
  const tail = gap === -1 ? [] : parseGroups(text.slice(gap + 2), true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (gap === -1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  const word = (index: number): number => (((groups[index] as number) << 16) | (groups[index + 1] as number)) >>> 0;
  return [word(0), word(2), word(4), word(6)];
}

/** Groups of 16 bits between colons; only where `endsAddress` may the last be an IPv4 address. */
function parseGroups(text: string, endsAddress: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (part.includes('.')) {
      const word = endsAddress && index === parts.length - 1 ? parseIpv4(part, 0, part.length) : -1;
      if (word < 0) return undefined;
      groups.push(word >>> 16, word & 0xffff);
      continue;
    }
    if (!/^[0-9A-Fa-f]{1,4}$/.test(part)) return undefined;
    groups.push(Number.parseInt(part, 16));
  }
  return groups.length > 8 ? undefined : groups;
}

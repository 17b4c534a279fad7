import { BlockList, isIP } from 'node:net';

/**
 * Addresses that are nobody's on the public internet: private, loopback, link-local, shared, documentation, multicast, and the ways in which IPv6
 * writes an IPv4 address (IANA's special-purpose address registries).
 */
const notPublic = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  notPublic.addSubnet(network, prefix, 'ipv4');

/** What of IPv6 is given out to the public (RFC 4291); all else is not. */
const publicIPv6 = new BlockList();
publicIPv6.addSubnet('2000::', 3, 'ipv6');
const exceptionsIPv6 = new BlockList();
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  exceptionsIPv6.addSubnet(network, prefix, 'ipv6');

/** Whether an address may be reached where only the public internet may be. False for what is no address. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !notPublic.check(address, 'ipv4');
  return version === 6 && publicIPv6.check(address, 'ipv6') && !exceptionsIPv6.check(address, 'ipv6');
}

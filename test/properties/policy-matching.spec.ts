import { BlockList, isIP } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matchesWildcard } from '../../libs/policy/index.ts';
import { isInRange, parseIpAddress, parseIpRange, type IpAddress, type IpRange } from '../../libs/policy/values/ip-address.ts';
import { naiveWildcard } from '../support/naive-policy-evaluator.ts';

describe('Wildcards', () => {
  const pattern = fc.array(fc.constantFrom('*', '?', 'a', 'b', 'ab', '\n', '😀', 'é'), { maxLength: 12 }).map((parts) => parts.join(''));
  const text = fc.array(fc.constantFrom('a', 'b', '\n', '😀', 'é', '*', '?'), { maxLength: 14 }).map((parts) => parts.join(''));

  it('match what a matcher that tries everything matches', () => {
    fc.assert(
      fc.property(pattern, text, (glob, candidate) => {
        expect(matchesWildcard(glob, candidate)).toBe(naiveWildcard([...glob], [...candidate]));
      }),
      { numRuns: 5000 },
    );
  });

  it('match what a matcher that tries everything matches, in parts longer than a machine word', () => {
    const longText = fc.array(fc.constantFrom('a', 'b'), { minLength: 60, maxLength: 120 });
    fc.assert(
      fc.property(
        longText,
        fc.array(fc.constantFrom('?', 'keep', 'keep', 'keep'), { minLength: 40, maxLength: 55 }),
        fc.nat(20),
        (characters, changes, start) => {
          const part = changes.map((change, index) => (change === '?' ? '?' : characters[start + index])).join('');
          const candidate = characters.join('');
          const glob = `*${part}*`;
          expect(matchesWildcard(glob, candidate)).toBe(naiveWildcard([...glob], characters));
          expect(matchesWildcard(`*${part}b?*`, candidate)).toBe(naiveWildcard([...`*${part}b?*`], characters));
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('IP addresses', () => {
  const words = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 });

  it('are read where Node reads them, and refused where Node refuses them', () => {
    const noise = fc
      .array(fc.constantFrom('0', '1', '25', '256', 'f', 'fffff', ':', '::', '.', '10', ' '), { maxLength: 12 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), noise), (text) => {
        expect(parseIpAddress(text) !== undefined).toBe(isIP(text) !== 0);
      }),
      { numRuns: 3000 },
    );
  });

  it('of version 6 lie in the ranges in which Node finds them', () => {
    fc.assert(
      fc.property(words, words, fc.nat(128), fc.boolean(), (one, other, bits, near) => {
        const address = (near ? [...one.slice(0, 4), ...other.slice(4)] : other).map((word) => word.toString(16)).join(':');
        const network = one.map((word) => word.toString(16)).join(':');
        const blocks = new BlockList();
        blocks.addSubnet(network, bits, 'ipv6');
        expect(isInRange(parseIpAddress(address) as IpAddress, parseIpRange(`${network}/${bits}`) as IpRange)).toBe(blocks.check(address, 'ipv6'));
      }),
      { numRuns: 1000 },
    );
  });

  it('of version 4 lie in the ranges in which Node finds them', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), fc.nat(32), fc.nat(255), (network, far, bits, octet) => {
        const blocks = new BlockList();
        blocks.addSubnet(network, bits, 'ipv4');
        const range = parseIpRange(`${network}/${bits}`) as IpRange;
        for (const address of [far, network.replace(/\d+$/, String(octet))]) {
          expect(isInRange(parseIpAddress(address) as IpAddress, range)).toBe(blocks.check(address, 'ipv4'));
          expect(isInRange(parseIpAddress(`::ffff:${address}`) as IpAddress, range)).toBe(blocks.check(address, 'ipv4'));
        }
      }),
      { numRuns: 1000 },
    );
  });
});

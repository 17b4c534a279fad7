import { describe, expect, it } from '@jest/globals';
import { Arn } from './arn.ts';
import { compileArnPattern } from './arn-pattern.ts';
import { RequestContext } from './request.ts';
import { ResourceTrie } from './resource-trie.ts';

function trieOf(...patterns: string[]): (arn: string) => string[] {
  const trie = new ResourceTrie<string>();
  for (const pattern of patterns) trie.add(compileArnPattern(pattern, true), pattern);
  return (arn) => {
    const found: string[] = [];
    trie.collect(new Arn(arn), new RequestContext(), found);
    return found;
  };
}

describe('The tree of resources', () => {
  it('finds the patterns that match, whatever they share', () => {
    const find = trieOf('arn:aws:s3:::ab/*', 'arn:aws:s3:::a*', 'arn:aws:s3:::abc', '*', 'arn:aws:s3:::ab', 'arn:aws:s3:::b?', 'arn:aws:s3:::ab/*');
    expect(find('arn:aws:s3:::ab/x').sort()).toEqual(['*', 'arn:aws:s3:::a*', 'arn:aws:s3:::ab/*', 'arn:aws:s3:::ab/*']);
    expect(find('arn:aws:s3:::abc').sort()).toEqual(['*', 'arn:aws:s3:::a*', 'arn:aws:s3:::abc']);
    expect(find('arn:aws:s3:::b1').sort()).toEqual(['*', 'arn:aws:s3:::b?']);
    expect(find('arn:aws:s3:::').sort()).toEqual(['*']);
    expect(find('arn')).toEqual(['*']);
    expect(find('')).toEqual(['*']);
  });

  it('finds one among thousands', () => {
    const patterns = Array.from({ length: 3000 }, (_, index) => `arn:aws:s3:::bucket-${index}/*`);
    const find = trieOf(...patterns);
    for (const index of [0, 1, 10, 999, 2999]) expect(find(`arn:aws:s3:::bucket-${index}/x`)).toEqual([`arn:aws:s3:::bucket-${index}/*`]);
    expect(find('arn:aws:s3:::bucket-3000/x')).toEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { InvalidAction, SignatureDoesNotMatch, UnknownOperation } from './errors/common.ts';
import { routeOf, type RoutingClues, type ServiceRoute } from './routing.ts';

const routes: readonly ServiceRoute[] = [
  { name: 'iam', protocol: 'query', version: '2010-05-08' },
  { name: 'sts', protocol: 'query', version: '2011-06-15' },
  { name: 'cloudtrail', protocol: 'json', targetName: 'CloudTrail_20131101' },
];
const nothing: RoutingClues = { scope: undefined, version: undefined, target: undefined };

describe('a request is for', () => {
  it.each<[string, Partial<RoutingClues>]>([
    ['iam', { scope: 'iam', version: '2010-05-08' }],
    ['sts', { scope: 'sts', version: '2011-06-15' }],
    ['sts', { version: '2011-06-15' }],
    ['iam', { scope: 'iam' }],
    ['cloudtrail', { scope: 'cloudtrail', target: 'CloudTrail_20131101.LookupEvents' }],
    ['cloudtrail', { scope: 'cloudtrail', target: 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents' }],
    ['cloudtrail', { scope: 'cloudtrail' }],
  ])('%s by %j', (name, clues) => {
    expect(routeOf(routes, { ...nothing, ...clues }).name).toBe(name);
  });

  it('no service when scope and request disagree (S27)', () => {
    expect(() => routeOf(routes, { ...nothing, scope: 'sts', version: '2010-05-08' })).toThrow(
      new SignatureDoesNotMatch("Credential should be scoped to correct service: 'iam'."),
    );
    expect(() => routeOf(routes, { ...nothing, scope: 'iam', version: '2011-06-15' })).toThrow(
      new SignatureDoesNotMatch("Credential should be scoped to correct service: 'sts'."),
    );
    expect(() => routeOf(routes, { ...nothing, scope: 'iam', target: 'CloudTrail_20131101.LookupEvents' })).toThrow(SignatureDoesNotMatch);
  });

  it('no service when what it names does not exist, or it names nothing', () => {
    expect(() => routeOf(routes, { ...nothing, scope: 'iam', version: '1999-01-01' })).toThrow(InvalidAction);
    expect(() => routeOf(routes, { ...nothing, scope: 'cloudtrail', target: 'Other.LookupEvents' })).toThrow(UnknownOperation);
    expect(() => routeOf(routes, nothing)).toThrow(InvalidAction);
    expect(() => routeOf(routes, { ...nothing, scope: 's3' })).toThrow(InvalidAction);
  });
});

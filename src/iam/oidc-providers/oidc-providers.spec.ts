import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { addClientIDToOpenIDConnectProvider } from './add-client-id-to-open-id-connect-provider.ts';
import { createOpenIDConnectProvider } from './create-open-id-connect-provider.ts';
import { deleteOpenIDConnectProvider } from './delete-open-id-connect-provider.ts';
import { getOpenIDConnectProvider } from './get-open-id-connect-provider.ts';
import { listOpenIDConnectProviderTags } from './list-open-id-connect-provider-tags.ts';
import { listOpenIDConnectProviders } from './list-open-id-connect-providers.ts';
import { removeClientIDFromOpenIDConnectProvider } from './remove-client-id-from-open-id-connect-provider.ts';
import { tagOpenIDConnectProvider } from './tag-open-id-connect-provider.ts';
import { untagOpenIDConnectProvider } from './untag-open-id-connect-provider.ts';
import { updateOpenIDConnectProviderThumbprint } from './update-open-id-connect-provider-thumbprint.ts';

const Url = 'https://idp.example/Tenant';
const OpenIDConnectProviderArn = 'arn:aws:iam::123456789012:oidc-provider/idp.example/Tenant';
const withProvider = () => new Scenario().after(createOpenIDConnectProvider, { Url, ClientIDList: ['web'] });
const get = async (scenario: Scenario) => (await scenario.when(getOpenIDConnectProvider, { OpenIDConnectProviderArn })).answer;

describe('an OpenID Connect provider', () => {
  it('is created with its clients, thumbprints and tags, and shown without its scheme', async () => {
    const scenario = new Scenario();
    const ThumbprintList = ['A'.repeat(40)];
    const Tags = [{ Key: 'team', Value: 'blue' }];
    const { events, answer } = await scenario.when(createOpenIDConnectProvider, { Url, ClientIDList: ['web', 'cli', 'web'], ThumbprintList, Tags });
    expect(answer).toEqual({ OpenIDConnectProviderArn, Tags });
    expect(events).toEqual([
      {
        type: 'OpenIDConnectProviderCreated',
        data: {
          url: Url,
          providerId: 'event-1',
          createDate: '2026-01-01T00:00:01Z',
          clientIDList: ['web', 'cli'],
          thumbprintList: ThumbprintList,
          tags: Tags,
        },
      },
    ]);
    expect(await get(scenario)).toEqual({
      Url: 'idp.example/Tenant',
      ClientIDList: ['web', 'cli'],
      ThumbprintList,
      CreateDate: new Date('2026-01-01T00:00:01Z'),
      Tags,
    });
    expect((await scenario.when(listOpenIDConnectProviders)).answer).toEqual({ OpenIDConnectProviderList: [{ Arn: OpenIDConnectProviderArn }] });
  });

  it.each([
    'idp.example',
    'http://idp.example',
    'ftp://idp.example',
    'https://',
    'https://idp.example?tenant=1',
    'https://idp.example#a',
    'https://user@idp.example',
    'https://user:secret@idp.example',
    'https://IDP.example',
    'https://idp.example/a/../b',
    'https://idp.example:443',
    'https://idp.example/a b',
  ])('is not created for %s', async (url) => {
    expect(await new Scenario().refusal(createOpenIDConnectProvider, { Url: url })).toBe('InvalidInput: Invalid Open ID Connect Provider URL');
  });

  it('may speak http where the settings say so, and have a port or a slash at its end', async () => {
    const scenario = new Scenario();
    for (const url of ['http://127.0.0.1:8080/realms/main', 'https://idp.internal:8443/', 'https://idp.internal:8443'])
      expect((await scenario.when(createOpenIDConnectProvider, { Url: url })).events).toHaveLength(1);
    expect((await scenario.when(listOpenIDConnectProviders)).answer.OpenIDConnectProviderList).toHaveLength(3);
  });

  it('is refused twice, beyond the quotas, and with bad thumbprints or tags', async () => {
    const scenario = await withProvider();
    expect(await scenario.refusal(createOpenIDConnectProvider, { Url: 'https://idp.example/tenant' })).toBe(
      'EntityAlreadyExists: Provider with url https://idp.example/tenant already exists.',
    );
    const other = { Url: 'https://other.example' };
    expect(await scenario.refusal(createOpenIDConnectProvider, { ...other, ThumbprintList: ['z'.repeat(40)] })).toContain('InvalidInput');
    expect(await scenario.refusal(createOpenIDConnectProvider, { ...other, ThumbprintList: Array(6).fill('0'.repeat(40)) as string[] })).toContain(
      'InvalidInput',
    );
    expect(await scenario.refusal(createOpenIDConnectProvider, { ...other, ThumbprintList: ['0'] })).toContain('ValidationError');
    expect(await scenario.refusal(createOpenIDConnectProvider, { ...other, Tags: [{ Key: 'aws:x', Value: '' }] })).toContain('InvalidInput');
    const many = Array.from({ length: 101 }, (_, index) => `client-${index}`);
    expect(await scenario.refusal(createOpenIDConnectProvider, { ...other, ClientIDList: many })).toContain('LimitExceeded');
    scenario.given({ type: 'QuotaChanged', data: { quota: 'oidcProviders', value: 1, previousValue: 100 } });
    expect(await scenario.refusal(createOpenIDConnectProvider, other)).toContain('LimitExceeded');
  });

  it('is deleted once; made again it is another one', async () => {
    const scenario = await withProvider();
    const first = scenario.account.oidcProviders.get('idp.example/Tenant')!.providerId;
    await scenario.after(deleteOpenIDConnectProvider, { OpenIDConnectProviderArn });
    expect(await scenario.refusal(deleteOpenIDConnectProvider, { OpenIDConnectProviderArn })).toBe(
      `NoSuchEntity: OpenIDConnect Provider not found for arn ${OpenIDConnectProviderArn}`,
    );
    await scenario.after(createOpenIDConnectProvider, { Url });
    expect(scenario.account.oidcProviders.get('idp.example/Tenant')!.providerId).not.toBe(first);
  });

  it('is found by exactly its ARN', async () => {
    const scenario = await withProvider();
    for (const arn of [
      OpenIDConnectProviderArn.toLowerCase(),
      OpenIDConnectProviderArn.replace('123456789012', '210987654321'),
      `${OpenIDConnectProviderArn}/`,
    ])
      expect(await scenario.refusal(getOpenIDConnectProvider, { OpenIDConnectProviderArn: arn })).toContain('NoSuchEntity');
    for (const arn of ['arn:aws:iam::123456789012:user/idp.example/Tenant', 'no arn of anything at all'])
      expect(await scenario.refusal(getOpenIDConnectProvider, { OpenIDConnectProviderArn: arn })).toBe(`InvalidInput: Invalid ARN: ${arn}`);
  });
});

describe('the clients of a provider', () => {
  it('are added and removed one by one, and a repetition changes nothing', async () => {
    const scenario = await withProvider();
    const cli = { OpenIDConnectProviderArn, ClientID: 'cli' };
    expect((await scenario.when(addClientIDToOpenIDConnectProvider, cli)).events).toHaveLength(1);
    expect((await scenario.when(addClientIDToOpenIDConnectProvider, cli)).events).toEqual([]);
    expect((await get(scenario)).ClientIDList).toEqual(['web', 'cli']);
    expect((await scenario.when(removeClientIDFromOpenIDConnectProvider, cli)).events).toHaveLength(1);
    expect((await scenario.when(removeClientIDFromOpenIDConnectProvider, cli)).events).toEqual([]);
    expect((await get(scenario)).ClientIDList).toEqual(['web']);
  });

  it('are at most a hundred', async () => {
    const scenario = await withProvider();
    scenario.given({ type: 'QuotaChanged', data: { quota: 'clientIdsPerOidcProvider', value: 1, previousValue: 100 } });
    expect(await scenario.refusal(addClientIDToOpenIDConnectProvider, { OpenIDConnectProviderArn, ClientID: 'more' })).toBe(
      'LimitExceeded: Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 1',
    );
  });
});

describe('the thumbprints of a provider', () => {
  it('are replaced as a whole', async () => {
    const scenario = await withProvider();
    const ThumbprintList = ['1'.repeat(40), '2'.repeat(40)];
    const { events } = await scenario.when(updateOpenIDConnectProviderThumbprint, { OpenIDConnectProviderArn, ThumbprintList });
    expect(events).toEqual([
      { type: 'OpenIDConnectProviderThumbprintUpdated', data: { url: Url, thumbprintList: ThumbprintList, previousThumbprintList: [] } },
    ]);
    expect((await scenario.when(updateOpenIDConnectProviderThumbprint, { OpenIDConnectProviderArn, ThumbprintList })).events).toEqual([]);
    expect(await scenario.refusal(updateOpenIDConnectProviderThumbprint, { OpenIDConnectProviderArn, ThumbprintList: [] })).toContain('InvalidInput');
  });
});

describe('the tags of a provider', () => {
  it('are set, listed in pages and removed', async () => {
    const scenario = await withProvider();
    const Tags = [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ];
    await scenario.after(tagOpenIDConnectProvider, { OpenIDConnectProviderArn, Tags });
    const page = (await scenario.when(listOpenIDConnectProviderTags, { OpenIDConnectProviderArn, MaxItems: 1 })).answer;
    expect(page).toMatchObject({ Tags: [Tags[0]], IsTruncated: true });
    await scenario.after(untagOpenIDConnectProvider, { OpenIDConnectProviderArn, TagKeys: ['A'] });
    expect((await get(scenario)).Tags).toEqual([Tags[1]]);
    expect((await scenario.when(untagOpenIDConnectProvider, { OpenIDConnectProviderArn, TagKeys: ['a'] })).events).toEqual([]);
  });

  it('need iam:TagOpenIDConnectProvider when the provider is created with them', () => {
    const scenario = new Scenario();
    const command = Object.assign(new createOpenIDConnectProvider.command(), { Url, Tags: [{ Key: 'a', Value: 'b' }] });
    expect(createOpenIDConnectProvider.declaration.alsoRequires!(command, scenario.account, scenario.call())).toEqual([
      { action: 'iam:TagOpenIDConnectProvider', resource: OpenIDConnectProviderArn, context: { 'aws:RequestTag/a': 'b', 'aws:TagKeys': ['a'] } },
    ]);
  });
});

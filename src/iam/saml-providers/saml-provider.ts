import type { Account } from '../account.ts';
import type { Fact, Reducers } from '../events.ts';
import type { SamlMetadata } from '../identity-providers.ts';
import { withTags, withoutTags, type Tags } from '../tags.ts';

/** A SAML 2.0 identity provider: whose assertions `AssumeRoleWithSAML` takes. */
export interface SamlProvider {
  readonly samlProviderName: string;
  /** AWS's SAMLProviderUUID. Unique: a provider that is deleted and made again is another one, and sessions of the first end. */
  readonly samlProviderId: string;
  readonly createDate: string;
  /** The metadata document exactly as it came. */
  readonly metadataDocument: string;
  /** What of it counts. */
  readonly metadata: SamlMetadata;
  readonly tags: Tags;
}

export type SamlProviderEvent =
  | Fact<
      'SAMLProviderCreated',
      {
        name: string;
        samlProviderId: string;
        createDate: string;
        samlMetadataDocument: string;
        metadata: SamlMetadata;
        tags: Tags;
      }
    >
  | Fact<'SAMLProviderUpdated', { name: string; samlMetadataDocument: string; metadata: SamlMetadata; previousMetadata: SamlMetadata }>
  | Fact<'SAMLProviderDeleted', { name: string; samlProviderId: string }>
  | Fact<'SAMLProviderTagged', { name: string; tags: Tags; previousTags: Tags }>
  | Fact<'SAMLProviderUntagged', { name: string; tagKeys: readonly string[]; removedTags: Tags }>;

export const samlProviderReducers: Reducers<SamlProviderEvent> = {
  SAMLProviderCreated: (account, { data }) => ({
    ...account,
    samlProviders: account.samlProviders.set(data.name, {
      samlProviderName: data.name,
      samlProviderId: data.samlProviderId,
      createDate: data.createDate,
      metadataDocument: data.samlMetadataDocument,
      metadata: data.metadata,
      tags: data.tags,
    }),
  }),
  SAMLProviderUpdated: (account, { data }) =>
    changeSamlProvider(account, data.name, (provider) => ({ ...provider, metadataDocument: data.samlMetadataDocument, metadata: data.metadata })),
  SAMLProviderDeleted: (account, { data }) => ({ ...account, samlProviders: account.samlProviders.delete(data.name) }),
  SAMLProviderTagged: (account, { data }) =>
    changeSamlProvider(account, data.name, (provider) => ({ ...provider, tags: withTags(provider.tags, data.tags) })),
  SAMLProviderUntagged: (account, { data }) =>
    changeSamlProvider(account, data.name, (provider) => ({ ...provider, tags: withoutTags(provider.tags, data.tagKeys) })),
};

function changeSamlProvider(account: Account, name: string, change: (provider: SamlProvider) => SamlProvider): Account {
  const provider = account.samlProviders.get(name);
  if (provider === undefined) throw new Error(`SAML provider ${name} is not in account ${account.id}`);
  return { ...account, samlProviders: account.samlProviders.set(name, change(provider)) };
}

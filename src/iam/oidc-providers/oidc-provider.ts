import type { Account } from '../account.ts';
import type { Fact, Reducers } from '../events.ts';
import { withTags, withoutTags, type Tags } from '../tags.ts';

/** An OpenID Connect identity provider: whose tokens `AssumeRoleWithWebIdentity` takes. */
export interface OidcProvider {
  /** The issuer, exactly as its tokens name it in `iss`: `https://idp.example/tenant`. */
  readonly url: string;
  /** Unique: a provider that is deleted and made again is another one, and sessions of the first end. */
  readonly providerId: string;
  readonly createDate: string;
  /** Audiences whose tokens are taken; without any, none are. */
  readonly clientIds: readonly string[];
  /** SHA-1 of certificates of the issuer's server, 40 hex digits each, as they were given. */
  readonly thumbprints: readonly string[];
  readonly tags: Tags;
}

export type OidcProviderEvent =
  | Fact<
      'OpenIDConnectProviderCreated',
      {
        url: string;
        providerId: string;
        createDate: string;
        clientIDList: readonly string[];
        thumbprintList: readonly string[];
        tags: Tags;
      }
    >
  | Fact<'OpenIDConnectProviderDeleted', { url: string; providerId: string }>
  | Fact<'ClientIDAddedToOpenIDConnectProvider', { url: string; clientID: string }>
  | Fact<'ClientIDRemovedFromOpenIDConnectProvider', { url: string; clientID: string }>
  | Fact<'OpenIDConnectProviderThumbprintUpdated', { url: string; thumbprintList: readonly string[]; previousThumbprintList: readonly string[] }>
  | Fact<'OpenIDConnectProviderTagged', { url: string; tags: Tags; previousTags: Tags }>
  | Fact<'OpenIDConnectProviderUntagged', { url: string; tagKeys: readonly string[]; removedTags: Tags }>;

export const oidcProviderReducers: Reducers<OidcProviderEvent> = {
  OpenIDConnectProviderCreated: (account, { data }) => ({
    ...account,
    oidcProviders: account.oidcProviders.set(nameOfIssuer(data.url), {
      url: data.url,
      providerId: data.providerId,
      createDate: data.createDate,
      clientIds: data.clientIDList,
      thumbprints: data.thumbprintList,
      tags: data.tags,
    }),
  }),
  OpenIDConnectProviderDeleted: (account, { data }) => ({ ...account, oidcProviders: account.oidcProviders.delete(nameOfIssuer(data.url)) }),
  ClientIDAddedToOpenIDConnectProvider: (account, { data }) =>
    changeOidcProvider(account, data.url, (provider) => ({ ...provider, clientIds: [...provider.clientIds, data.clientID] })),
  ClientIDRemovedFromOpenIDConnectProvider: (account, { data }) =>
    changeOidcProvider(account, data.url, (provider) => ({ ...provider, clientIds: provider.clientIds.filter((id) => id !== data.clientID) })),
  OpenIDConnectProviderThumbprintUpdated: (account, { data }) =>
    changeOidcProvider(account, data.url, (provider) => ({ ...provider, thumbprints: data.thumbprintList })),
  OpenIDConnectProviderTagged: (account, { data }) =>
    changeOidcProvider(account, data.url, (provider) => ({ ...provider, tags: withTags(provider.tags, data.tags) })),
  OpenIDConnectProviderUntagged: (account, { data }) =>
    changeOidcProvider(account, data.url, (provider) => ({ ...provider, tags: withoutTags(provider.tags, data.tagKeys) })),
};

function changeOidcProvider(account: Account, url: string, change: (provider: OidcProvider) => OidcProvider): Account {
  const provider = account.oidcProviders.get(nameOfIssuer(url));
  if (provider === undefined) throw new Error(`identity provider ${url} is not in account ${account.id}`);
  return { ...account, oidcProviders: account.oidcProviders.set(nameOfIssuer(url), change(provider)) };
}

/** An issuer without its scheme, as ARNs and condition keys name it: `https://idp.example/tenant` → `idp.example/tenant`. */
export const nameOfIssuer = (url: string): string => url.replace(/^https?:\/\//, '');

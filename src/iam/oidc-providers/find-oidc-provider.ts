import { InvalidInput, NoSuchEntity, oidcProviderArn, parseArn } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import { nameOfIssuer, type OidcProvider } from './oidc-provider.ts';

const resourceType = 'oidc-provider/';

/** The provider of exactly this ARN; `undefined` where there is none. */
export function findOidcProvider(account: Account, arn: string): OidcProvider | undefined {
  const name = parseArn(arn)?.resource.slice(resourceType.length) ?? '';
  const provider = account.oidcProviders.get(name);
  return provider !== undefined && arnOfOidcProvider(account, provider) === arn ? provider : undefined;
}

/**
 * The provider that is asked about.
 *
 * @throws InvalidInput the text is no ARN of an OpenID Connect provider
 * @throws NoSuchEntity there is none
 */
export function requireOidcProvider(account: Account, arn: string): OidcProvider {
  const provider = findOidcProvider(account, arn);
  if (provider !== undefined) return provider;
  const { service, resource } = parseArn(arn) ?? {};
  if (service !== 'iam' || resource?.startsWith(resourceType) !== true) throw new InvalidInput(`Invalid ARN: ${arn}`);
  throw new NoSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`);
}

export const arnOfOidcProvider = (account: Account, { url }: Pick<OidcProvider, 'url'>): string => oidcProviderArn(account, nameOfIssuer(url));

import { InvalidInput, NoSuchEntity, parseArn, samlProviderArn } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import type { SamlProvider } from './saml-provider.ts';

const resourceType = 'saml-provider/';

/** The provider of exactly this ARN; `undefined` where there is none. */
export function findSamlProvider(account: Account, arn: string): SamlProvider | undefined {
  const provider = account.samlProviders.get(parseArn(arn)?.resource.slice(resourceType.length) ?? '');
  return provider !== undefined && arnOfSamlProvider(account, provider) === arn ? provider : undefined;
}

/**
 * The provider that is asked about.
 *
 * @throws InvalidInput the text is no ARN of a SAML provider
 * @throws NoSuchEntity there is none
 */
export function requireSamlProvider(account: Account, arn: string): SamlProvider {
  const provider = findSamlProvider(account, arn);
  if (provider !== undefined) return provider;
  const { service, resource } = parseArn(arn) ?? {};
  if (service !== 'iam' || resource?.startsWith(resourceType) !== true) throw new InvalidInput(`Invalid ARN: ${arn}`);
  throw new NoSuchEntity(`Manifest not found for arn ${arn}`);
}

export const arnOfSamlProvider = (account: Account, { samlProviderName }: Pick<SamlProvider, 'samlProviderName'>): string =>
  samlProviderArn(account, samlProviderName);

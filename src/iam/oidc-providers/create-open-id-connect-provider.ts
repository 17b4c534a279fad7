import type { CreateOpenIDConnectProviderResponse } from '@aws-sdk/client-iam';
import { EntityAlreadyExists, InvalidInput, LimitExceeded, oidcProviderArn } from '../../../libs/aws/index.ts';
import { requestTags } from '../context-keys.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsClientIDList, IsOpenIDConnectProviderUrl, IsTags, IsThumbprintList } from '../shapes.ts';
import { checkTags, type Tag } from '../tags.ts';
import { nameOfIssuer } from './oidc-provider.ts';
import { checkClientIds, checkIssuerUrl, checkThumbprints } from './provider-terms.ts';

/**
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
 *
 * Reaches out to nobody: without thumbprints the issuer's certificate must be one that the server trusts anyway. `http` is taken for an issuer
 * that the settings list.
 */
export class CreateOpenIDConnectProvider extends IamCommand<CreateOpenIDConnectProviderResponse> {
  @IsOpenIDConnectProviderUrl() Url!: string;
  @IsClientIDList() ClientIDList: string[] = [];
  @IsThumbprintList() ThumbprintList: string[] = [];
  @IsTags() Tags: Tag[] = [];
}

export const createOpenIDConnectProvider = operation(CreateOpenIDConnectProvider, {
  resource: ({ Url }, account) => oidcProviderArn(account, nameOfIssuer(Url)),
  context: ({ Tags }) => requestTags(Tags),
  alsoRequires: ({ Url, Tags }, account) =>
    Tags.length === 0
      ? []
      : [{ action: 'iam:TagOpenIDConnectProvider', resource: oidcProviderArn(account, nameOfIssuer(Url)), context: requestTags(Tags) }],
  prepare: async ({ Url }, _account, _call, { identityProviders }) => identityProviders.isAcceptableIssuer(Url),
  decide({ Url, ClientIDList, ThumbprintList, Tags }, account, call, isAcceptable) {
    checkIssuerUrl(Url);
    if (isAcceptable !== true) throw new InvalidInput('Invalid Open ID Connect Provider URL');
    if (account.oidcProviders.has(nameOfIssuer(Url))) throw new EntityAlreadyExists(`Provider with url ${Url} already exists.`);
    const { oidcProviders: max } = account.quotas;
    if (account.oidcProviders.size >= max) throw new LimitExceeded(`Cannot exceed quota for OpenIdConnectProvidersPerAccount: ${max}`);
    const clientIDList = [...new Set(ClientIDList)];
    checkClientIds(clientIDList.length, account.quotas);
    checkThumbprints(ThumbprintList);
    checkTags([], Tags, account.quotas);
    return [
      fact('OpenIDConnectProviderCreated', {
        url: Url,
        providerId: call.request.eventId,
        createDate: call.time,
        clientIDList,
        thumbprintList: ThumbprintList,
        tags: Tags,
      }),
    ];
  },
  respond: ({ Url, Tags }, account) => ({
    OpenIDConnectProviderArn: oidcProviderArn(account, nameOfIssuer(Url)),
    ...(Tags.length === 0 ? {} : { Tags: Tags.map((tag) => ({ ...tag })) }),
  }),
});

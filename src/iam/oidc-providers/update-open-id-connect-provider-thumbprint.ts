import { InvalidInput } from '../../../libs/aws/index.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsArn, IsThumbprintList } from '../shapes.ts';
import { requireOidcProvider } from './find-oidc-provider.ts';
import { checkThumbprints } from './provider-terms.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateOpenIDConnectProviderThumbprint.html: replaces the whole list. */
export class UpdateOpenIDConnectProviderThumbprint extends IamCommand {
  @IsArn() OpenIDConnectProviderArn!: string;
  @IsThumbprintList() ThumbprintList!: string[];
}

export const updateOpenIDConnectProviderThumbprint = operation(UpdateOpenIDConnectProviderThumbprint, {
  resource: ({ OpenIDConnectProviderArn }) => OpenIDConnectProviderArn,
  decide({ OpenIDConnectProviderArn, ThumbprintList }, account) {
    const { url, thumbprints } = requireOidcProvider(account, OpenIDConnectProviderArn);
    if (ThumbprintList.length === 0) throw new InvalidInput('Thumbprint list must contain at least one entry.');
    checkThumbprints(ThumbprintList);
    if (ThumbprintList.join() === thumbprints.join()) return [];
    return [fact('OpenIDConnectProviderThumbprintUpdated', { url, thumbprintList: ThumbprintList, previousThumbprintList: thumbprints })];
  },
});

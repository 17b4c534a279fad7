import type { GetSAMLProviderResponse } from '@aws-sdk/client-iam';
import { IamCommand, operation } from '../operation.ts';
import { IsArn } from '../shapes.ts';
import { requireSamlProvider } from './find-saml-provider.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetSAMLProvider.html */
export class GetSAMLProvider extends IamCommand<GetSAMLProviderResponse> {
  @IsArn() SAMLProviderArn!: string;
}

export const getSAMLProvider = operation(GetSAMLProvider, {
  resource: ({ SAMLProviderArn }) => SAMLProviderArn,
  answer({ SAMLProviderArn }, account): GetSAMLProviderResponse {
    const { samlProviderId, metadataDocument, metadata, createDate, tags } = requireSamlProvider(account, SAMLProviderArn);
    return {
      SAMLProviderUUID: samlProviderId,
      SAMLMetadataDocument: metadataDocument,
      CreateDate: new Date(createDate),
      ValidUntil: new Date(metadata.validUntil),
      AssertionEncryptionMode: 'Allowed',
      ...(tags.length === 0 ? {} : { Tags: tags.map((tag) => ({ ...tag })) }),
    };
  },
});

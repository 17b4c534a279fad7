import type { UpdateSAMLProviderResponse } from '@aws-sdk/client-iam';
import { IsOptional } from 'class-validator';
import { InvalidInput } from '../../../libs/aws/index.ts';
import { fact } from '../events.ts';
import type { SamlMetadata } from '../identity-providers.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsArn, IsAssertionEncryptionMode, IsPrivateKey, IsPrivateKeyId, IsSAMLMetadataDocument } from '../shapes.ts';
import { requireSamlProvider } from './find-saml-provider.ts';
import { refuseEncryption } from './refuse-encryption.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateSAMLProvider.html: replaces the metadata document. */
export class UpdateSAMLProvider extends IamCommand<UpdateSAMLProviderResponse> {
  @IsSAMLMetadataDocument() @IsOptional() SAMLMetadataDocument?: string;
  @IsArn() SAMLProviderArn!: string;
  @IsAssertionEncryptionMode() @IsOptional() AssertionEncryptionMode?: string;
  @IsPrivateKey() @IsOptional() AddPrivateKey?: string;
  @IsPrivateKeyId() @IsOptional() RemovePrivateKey?: string;
}

export const updateSAMLProvider = operation(UpdateSAMLProvider, {
  resource: ({ SAMLProviderArn }) => SAMLProviderArn,
  prepare: async ({ SAMLMetadataDocument }, _account, { now }, { identityProviders }) =>
    SAMLMetadataDocument === undefined ? undefined : identityProviders.readSamlMetadata(SAMLMetadataDocument, now),
  decide(command, account, _call, prepared) {
    const { SAMLProviderArn, SAMLMetadataDocument, RemovePrivateKey } = command;
    const provider = requireSamlProvider(account, SAMLProviderArn);
    refuseEncryption(command);
    if (RemovePrivateKey !== undefined) throw new InvalidInput(`Private key ${RemovePrivateKey} is not one of ${SAMLProviderArn}.`);
    if (SAMLMetadataDocument === undefined || SAMLMetadataDocument === provider.metadataDocument) return [];
    return [
      fact('SAMLProviderUpdated', {
        name: provider.samlProviderName,
        samlMetadataDocument: SAMLMetadataDocument,
        metadata: prepared as SamlMetadata,
        previousMetadata: provider.metadata,
      }),
    ];
  },
  respond: ({ SAMLProviderArn }) => ({ SAMLProviderArn }),
});

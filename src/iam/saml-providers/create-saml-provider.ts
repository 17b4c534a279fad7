import type { CreateSAMLProviderResponse } from '@aws-sdk/client-iam';
import { IsOptional } from 'class-validator';
import { EntityAlreadyExists, LimitExceeded, samlProviderArn } from '../../../libs/aws/index.ts';
import { requestTags } from '../context-keys.ts';
import { fact } from '../events.ts';
import type { SamlMetadata } from '../identity-providers.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsAssertionEncryptionMode, IsPrivateKey, IsSAMLMetadataDocument, IsSAMLProviderName, IsTags } from '../shapes.ts';
import { checkTags, type Tag } from '../tags.ts';
import { refuseEncryption } from './refuse-encryption.ts';

/**
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateSAMLProvider.html
 *
 * Assertions come signed, not encrypted: they travel over TLS to whom they are for.
 */
export class CreateSAMLProvider extends IamCommand<CreateSAMLProviderResponse> {
  @IsSAMLMetadataDocument() SAMLMetadataDocument!: string;
  @IsSAMLProviderName() Name!: string;
  @IsTags() Tags: Tag[] = [];
  @IsAssertionEncryptionMode() @IsOptional() AssertionEncryptionMode?: string;
  @IsPrivateKey() @IsOptional() AddPrivateKey?: string;
}

export const createSAMLProvider = operation(CreateSAMLProvider, {
  resource: ({ Name }, account) => samlProviderArn(account, Name),
  context: ({ Tags }) => requestTags(Tags),
  alsoRequires: ({ Name, Tags }, account) =>
    Tags.length === 0 ? [] : [{ action: 'iam:TagSAMLProvider', resource: samlProviderArn(account, Name), context: requestTags(Tags) }],
  prepare: async ({ SAMLMetadataDocument }, _account, { now }, { identityProviders }) =>
    identityProviders.readSamlMetadata(SAMLMetadataDocument, now),
  decide(command, account, call, prepared) {
    const { Name, SAMLMetadataDocument, Tags } = command;
    refuseEncryption(command);
    if (account.samlProviders.has(Name)) throw new EntityAlreadyExists(`Provider ${Name} already exists.`);
    const { samlProviders: max } = account.quotas;
    if (account.samlProviders.size >= max) throw new LimitExceeded(`Cannot exceed quota for SAMLProvidersPerAccount: ${max}`);
    checkTags([], Tags, account.quotas);
    return [
      fact('SAMLProviderCreated', {
        name: Name,
        samlProviderId: `SAMLSP${call.newId('ASCA')}`,
        createDate: call.time,
        samlMetadataDocument: SAMLMetadataDocument,
        metadata: prepared as SamlMetadata,
        tags: Tags,
      }),
    ];
  },
  respond: ({ Name, Tags }, account) => ({
    SAMLProviderArn: samlProviderArn(account, Name),
    ...(Tags.length === 0 ? {} : { Tags: Tags.map((tag) => ({ ...tag })) }),
  }),
});

import { ValidationError, accountIdOf } from '../../libs/aws/index.ts';
import { IsStsAccessKeyId } from './shapes.ts';
import { StsCommand, stsOperation } from './sts-operation.ts';

/**
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html
 *
 * The account is read off the key id, so the answer does not tell whether the key exists, or is active.
 */
export class GetAccessKeyInfo extends StsCommand<{ Account: string }> {
  @IsStsAccessKeyId() AccessKeyId!: string;
}

export const getAccessKeyInfo = stsOperation(GetAccessKeyInfo, {
  resource: () => '*',
  answer({ AccessKeyId }, account) {
    const imported = account.accessKeys.get(AccessKeyId)?.accessKeyId === AccessKeyId; // an older id, which names no account
    const id = accountIdOf(AccessKeyId) ?? (imported ? account.id : undefined);
    if (id === undefined) throw new ValidationError(`Invalid Access Key ID: ${AccessKeyId}`);
    return { Account: id };
  },
});

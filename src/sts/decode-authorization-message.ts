import { InvalidAuthorizationMessage } from '../../libs/aws/index.ts';
import type { SealedContent } from '../iam/authorization-message.ts';
import { IsEncodedMessage } from './shapes.ts';
import { StsCommand, stsOperation } from './sts-operation.ts';

/**
 * Reads the message that a refusal carried: why, and who asked for what. For callers of the account that the refused principal is in, and of the one whose
 * application asked.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
 */
export class DecodeAuthorizationMessage extends StsCommand<{ DecodedMessage: string }> {
  @IsEncodedMessage() EncodedMessage!: string;
}

export const decodeAuthorizationMessage = stsOperation(DecodeAuthorizationMessage, {
  resource: () => '*',
  answer({ EncodedMessage }, account, call) {
    const opened = call.secrets.openMessage(EncodedMessage);
    const content = opened === undefined ? undefined : (JSON.parse(opened) as SealedContent); // sealed by us: it has the form it was given
    if (content === undefined || !content.accountIds.includes(account.id))
      throw new InvalidAuthorizationMessage('The encoded authorization message is invalid, or it is not for this account.');
    return { DecodedMessage: JSON.stringify(content.message) };
  },
});

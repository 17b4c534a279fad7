import { describe, expect, it } from '@jest/globals';
import type { SealedContent } from '../iam/authorization-message.ts';
import { Scenario } from '../../test/support/scenario.ts';
import { decodeAuthorizationMessage } from './decode-authorization-message.ts';

const contentFor = (...accountIds: string[]): SealedContent => ({
  accountIds,
  message: {
    allowed: false,
    explicitDeny: true,
    matchedStatements: { items: [] },
    failures: { items: [] },
    context: {
      principal: { id: 'AIDABOB', arn: 'arn:aws:iam::123456789012:user/Bob' },
      action: 's3:GetObject',
      resource: '*',
      conditions: { items: [] },
    },
  },
});

describe('DecodeAuthorizationMessage', () => {
  it('reads a message that is for the account', async () => {
    const scenario = new Scenario();
    const content = contentFor('999999999999', '123456789012');
    const EncodedMessage = scenario.call().secrets.sealMessage(JSON.stringify(content), 'a');
    const { answer } = await scenario.when(decodeAuthorizationMessage, { EncodedMessage });
    expect(JSON.parse(answer.DecodedMessage)).toEqual(content.message);
  });

  it('refuses what is for another account, and what is no message', async () => {
    const scenario = new Scenario();
    const refused = 'InvalidAuthorizationMessageException: The encoded authorization message is invalid, or it is not for this account.';
    const EncodedMessage = scenario.call().secrets.sealMessage(JSON.stringify(contentFor('999999999999')), 'a');
    expect(await scenario.refusal(decodeAuthorizationMessage, { EncodedMessage })).toBe(refused);
    expect(await scenario.refusal(decodeAuthorizationMessage, { EncodedMessage: 'hello' })).toBe(refused);
    expect(await scenario.refusal(decodeAuthorizationMessage, { EncodedMessage: '' })).toContain("at 'encodedMessage'");
  });
});

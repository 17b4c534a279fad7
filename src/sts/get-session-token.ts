import type { GetSessionTokenResponse } from '@aws-sdk/client-sts';
import { IsOptional } from 'class-validator';
import { credentialsOf, newSession, refuseSession } from './session.ts';
import { givenCode } from './given-code.ts';
import { IsDurationSeconds, IsSerialNumber, IsTokenCode } from './shapes.ts';
import { StsCommand, stsOperation } from './sts-operation.ts';

/**
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 *
 * Needs no permission and can not be forbidden by a policy: it gives a caller no more than it has.
 */
export class GetSessionToken extends StsCommand<GetSessionTokenResponse> {
  @IsDurationSeconds() DurationSeconds: number = 43_200;
  @IsSerialNumber() @IsOptional() SerialNumber?: string;
  @IsTokenCode() @IsOptional() TokenCode?: string;
}

/** Seconds that a session of root lasts at most. */
const rootDurationMax = 3600;

export const getSessionToken = stsOperation(GetSessionToken, {
  resource: () => '*',
  unconditional: true,
  code: givenCode,
  issue(command, account, call) {
    const { caller } = call;
    if (caller.session !== undefined || (caller.type !== 'IAMUser' && caller.type !== 'Root')) return refuseSession('GetSessionToken');
    const isRoot = caller.type === 'Root';
    return newSession(
      {
        kind: 'SessionToken',
        issuerId: caller.principalId,
        issuerName: caller.userName ?? account.id,
        durationSeconds: isRoot ? Math.min(command.DurationSeconds, rootDurationMax) : command.DurationSeconds,
      },
      account,
      call,
    );
  },
  respond: (_command, _account, call, session) => ({ Credentials: credentialsOf(session, call) }),
});

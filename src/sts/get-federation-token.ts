import type { GetFederationTokenResponse } from '@aws-sdk/client-sts';
import { IsOptional } from 'class-validator';
import { federatedUserArn } from '../../libs/aws/index.ts';
import { requestTags } from '../iam/context-keys.ts';
import { IsTags } from '../iam/shapes.ts';
import type { Tag } from '../iam/tags.ts';
import { credentialsOf, newSession, refuseSession } from './session.ts';
import { checkSessionPolicies, packedPolicySize } from './session-policies.ts';
import { sessionTags } from './session-tags.ts';
import { IsDurationSeconds, IsFederatedUserName, IsPolicyDescriptors, IsSessionPolicyOfLimitedLength } from './shapes.ts';
import { StsCommand, stsOperation } from './sts-operation.ts';

/** Seconds that a session of root lasts at most. */
const rootDurationMax = 3600;

/**
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
 *
 * A session for somebody whom the calling user vouches for: it may what the user may and its session policies allow, so nothing without one.
 */
export class GetFederationToken extends StsCommand<GetFederationTokenResponse> {
  @IsFederatedUserName() Name!: string;
  @IsSessionPolicyOfLimitedLength() @IsOptional() Policy?: string;
  @IsPolicyDescriptors() PolicyArns: { arn?: string }[] = [];
  @IsDurationSeconds() DurationSeconds: number = 43_200;
  @IsTags() Tags: Tag[] = [];
}

export const getFederationToken = stsOperation(GetFederationToken, {
  resource: ({ Name }, account) => federatedUserArn(account, Name),
  context: ({ Tags }) => requestTags(Tags),
  alsoRequires: ({ Name, Tags }, account) =>
    Tags.length === 0 ? [] : [{ action: 'sts:TagSession', resource: federatedUserArn(account, Name), context: requestTags(Tags) }],
  issue(command, account, call) {
    const { caller } = call;
    if (caller.session !== undefined || (caller.type !== 'IAMUser' && caller.type !== 'Root')) return refuseSession('GetFederationToken');
    const { Name, Policy, Tags, DurationSeconds } = command;
    const policyArns = checkSessionPolicies(command, account);
    const { tags } = sessionTags(undefined, Tags, [], account.quotas.tagsPerResource);
    packedPolicySize(Policy, policyArns, tags);
    return newSession(
      {
        kind: 'FederatedUser',
        issuerId: caller.principalId,
        issuerName: caller.userName ?? account.id,
        sessionName: Name,
        durationSeconds: caller.type === 'Root' ? Math.min(DurationSeconds, rootDurationMax) : DurationSeconds,
        tags,
        policy: Policy,
        policyArns,
      },
      account,
      call,
    );
  },
  respond({ Name }, account, call, session) {
    const packed = packedPolicySize(session.policy, session.policyArns, session.tags);
    return {
      Credentials: credentialsOf(session, call),
      FederatedUser: { FederatedUserId: `${account.id}:${Name}`, Arn: federatedUserArn(account, Name) },
      ...(packed === undefined ? {} : { PackedPolicySize: packed }),
    };
  },
});

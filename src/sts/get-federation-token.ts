import type { GetFederationTokenResponse } from '@aws-sdk/client-sts';
import { IsOptional } from 'class-validator';
import { AccessDenied, federatedUserArn } from '../../libs/aws/index.ts';
import { requestTags } from '../iam/context-keys.ts';
import { IsTags } from '../iam/shapes.ts';
import type { Tag } from '../iam/tags.ts';
import { checkSessionPolicies, packedPolicySize } from './session-policies.ts';
import { sessionTags } from './session-tags.ts';
import { credentialsOf, newSession, refuseSession } from './session.ts';
import { IsDurationSeconds, IsFederatedUserName, IsFederationPolicy, IsPolicyDescriptors } from './shapes.ts';
import { StsCommand, stsOperation } from './sts-operation.ts';

/**
 * A session for somebody whom the calling user vouches for. It may do what both the user and the session's policies allow; without such policies only what a
 * policy of the resource allows it by name.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
 */
export class GetFederationToken extends StsCommand<GetFederationTokenResponse> {
  @IsFederatedUserName() Name!: string;
  @IsFederationPolicy() @IsOptional() Policy?: string;
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
    if (caller.session !== undefined) return refuseSession('GetFederationToken');
    // AWS lets root do so and advises against it: a session of root that a policy limits would still be no principal that can be looked up
    if (caller.type !== 'IAMUser') throw new AccessDenied('GetFederationToken is for users: root and others may not call it');
    const policyArns = checkSessionPolicies(command, account);
    const { tags } = sessionTags(undefined, command.Tags, [], account.quotas.tagsPerResource);
    packedPolicySize(command.Policy, policyArns, tags);
    return newSession(
      {
        kind: 'FederatedUser',
        issuerId: caller.principalId,
        issuerName: caller.userName ?? '',
        sessionName: command.Name,
        durationSeconds: command.DurationSeconds,
        tags,
        policy: command.Policy,
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

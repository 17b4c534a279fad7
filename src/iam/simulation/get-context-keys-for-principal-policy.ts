import { IsOptional } from 'class-validator';
import { contextKeysIn } from '../../../libs/policy/index.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsArn, IsSimulationPolicies } from '../shapes.ts';
import { keysOfInput } from './get-context-keys-for-custom-policy.ts';
import { arnOfPolicySource, requirePolicySource } from './policy-source.ts';
import { uniqueKeys } from './unique-keys.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetContextKeysForPrincipalPolicy.html */
export class GetContextKeysForPrincipalPolicy extends IamCommand<{ ContextKeyNames: string[] }> {
  @IsArn() PolicySourceArn!: string;
  @IsSimulationPolicies() @IsOptional() PolicyInputList?: string[];
}

export const getContextKeysForPrincipalPolicy = operation(GetContextKeysForPrincipalPolicy, {
  resource: ({ PolicySourceArn }, account) => arnOfPolicySource(account, PolicySourceArn),
  answer({ PolicySourceArn, PolicyInputList = [] }, account) {
    const { identity, boundary } = requirePolicySource(account, PolicySourceArn).policies;
    const attached = boundary === undefined ? identity : [...identity, boundary];
    return {
      ContextKeyNames: uniqueKeys([...attached.flatMap(({ policy }) => contextKeysIn(policy.document)), ...PolicyInputList.flatMap(keysOfInput)]),
    };
  },
});

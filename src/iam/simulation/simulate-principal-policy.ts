import { IsOptional } from 'class-validator';
import { InvalidInput } from '../../../libs/aws/index.ts';
import { operation } from '../operation.ts';
import { IsArn, IsPolicyExclusions, IsSimulationPolicies } from '../shapes.ts';
import { withoutExcluded, type PolicyIdentifier } from './policy-exclusions.ts';
import { arnOfPolicySource, requirePolicySource, type PolicySource } from './policy-source.ts';
import { simulate } from './simulate.ts';
import { SimulatePolicyCommand } from './simulate-policy-command.ts';
import { callerOfArn, type SimulatedCaller } from './simulated-caller.ts';
import { inputBoundary, inputPolicies } from './simulated-policies.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html */
export class SimulatePrincipalPolicy extends SimulatePolicyCommand {
  @IsArn() PolicySourceArn!: string;
  @IsSimulationPolicies() @IsOptional() PolicyInputList?: string[];
  @IsPolicyExclusions() @IsOptional() PolicyExclusionList?: PolicyIdentifier[];
}

export const simulatePrincipalPolicy = operation(SimulatePrincipalPolicy, {
  resource: ({ PolicySourceArn }, account) => arnOfPolicySource(account, PolicySourceArn),
  answer(command, account, call) {
    const source = requirePolicySource(account, command.PolicySourceArn);
    const { identity, boundary } = withoutExcluded(source.policies, command.PolicyExclusionList);
    const given = inputPolicies('PolicyInputList', command.PolicyInputList, 'identity');
    const policies = { identity: [...identity, ...given], boundary: inputBoundary(command.PermissionsBoundaryPolicyInputList) ?? boundary };
    return simulate(command, { caller: callerOf(command, source), policies, resourcesOf: account }, account, call);
  },
});

/** Who asks: the principal itself, unless somebody else is named. For a group that must be somebody, because resource policies name no groups. */
function callerOf({ CallerArn, ResourcePolicy }: SimulatePrincipalPolicy, source: PolicySource): SimulatedCaller {
  if (CallerArn !== undefined && CallerArn.toLowerCase() !== source.arn.toLowerCase()) return callerOfArn(CallerArn);
  if (source.kind === 'group' && ResourcePolicy !== undefined)
    throw new InvalidInput('CallerArn is required where ResourcePolicy is given and PolicySourceArn is a group.');
  return source.caller;
}

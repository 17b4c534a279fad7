import { IsOptional } from 'class-validator';
import { InvalidInput } from '../../../libs/aws/index.ts';
import { operation } from '../operation.ts';
import { IsOrganizationPolicies, IsSimulationPolicies } from '../shapes.ts';
import { simulate } from './simulate.ts';
import { SimulatePolicyCommand } from './simulate-policy-command.ts';
import { callerOfArn, someUser } from './simulated-caller.ts';
import { inputBoundary, inputPolicies, inputServiceControl, type OrganizationPolicies } from './simulated-policies.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html */
export class SimulateCustomPolicy extends SimulatePolicyCommand {
  @IsSimulationPolicies() PolicyInputList!: string[];
  @IsOrganizationPolicies() @IsOptional() OrderedOrganizationPolicyInputList?: OrganizationPolicies[];
}

export const simulateCustomPolicy = operation(SimulateCustomPolicy, {
  resource: () => '*',
  answer(command, account, call) {
    if (command.ResourcePolicy !== undefined && command.CallerArn === undefined)
      throw new InvalidInput('CallerArn is required where ResourcePolicy is given.');
    return simulate(
      command,
      {
        // By ARN alone: this operation must tell nothing about the account's own users and roles.
        caller: command.CallerArn === undefined ? someUser(account) : callerOfArn(command.CallerArn),
        policies: {
          identity: inputPolicies('PolicyInputList', command.PolicyInputList, 'identity'),
          boundary: inputBoundary(command.PermissionsBoundaryPolicyInputList),
          serviceControl: inputServiceControl(command.OrderedOrganizationPolicyInputList),
        },
      },
      account,
      call,
    );
  },
});

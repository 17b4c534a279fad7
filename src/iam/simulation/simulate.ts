import { InvalidInput, ownerOf, parseArn, parseArnResource } from '../../../libs/aws/index.ts';
import type { AttachedPolicy, PoliciesInForce } from '../../../libs/policy/index.ts';
import type { Account } from '../account.ts';
import type { Call } from '../call.ts';
import { page } from '../paging.ts';
import { evaluateAction, type Simulation } from './evaluate-action.ts';
import { checkResourceHandling } from './resource-handling.ts';
import type { SimulatePolicyCommand, SimulatePolicyResponse } from './simulate-policy-command.ts';
import type { SimulatedCaller } from './simulated-caller.ts';
import { simulatedContext } from './simulated-context.ts';
import { inputResourcePolicy } from './simulated-policies.ts';

/** What a simulation is about, besides its command. */
export interface SimulationSubject {
  readonly caller: SimulatedCaller;
  readonly policies: Pick<PoliciesInForce, 'identity' | 'boundary' | 'serviceControl'>;
  /** Whose resources are known, see `Simulation`; left out: nobody's. */
  readonly resourcesOf?: Account;
}

/**
 * Statements that a request may have looked at, over all its resources and the actions of one page: a simulation is worked off in one go, and
 * nobody else is answered meanwhile. AWS names no figure; it says that a page may hold fewer results than `MaxItems`.
 */
export const statementsPerPageMax = 500_000;

/** Runs a simulation: one result per action, each over all resources, cut into pages of actions. */
export function simulate(
  command: SimulatePolicyCommand,
  { caller, policies, resourcesOf }: SimulationSubject,
  account: Account,
  call: Call,
): SimulatePolicyResponse {
  const resourceArns = command.ResourceArns ?? [];
  command.ActionNames.forEach(checkActionName);
  resourceArns.forEach(checkResourceArn);
  checkResourceHandling(command.ResourceHandlingOption, resourceArns);
  const time = { 'aws:CurrentTime': call.now.toISOString(), 'aws:EpochTime': String(Math.floor(call.now.getTime() / 1000)) };
  const simulation: Simulation = {
    caller: caller.principal,
    context: simulatedContext({ ...time, ...caller.context }, command.ContextEntries),
    policies: { ...policies, resource: inputResourcePolicy(command.ResourcePolicy, command.ActionNames) },
    resourceArns,
    resourceOwnerId: accountOfOwner(command.ResourceOwner),
    resourcesOf,
  };
  const { items, more } = page(cutToSize(command, simulation), account, call, (after) => actionsAfter(command.ActionNames, after));
  return { EvaluationResults: items.map((action) => evaluateAction(simulation, action)), ...more };
}

/** The command with a page size that the server can work off. */
function cutToSize<C extends SimulatePolicyCommand>(command: C, { policies, resourceArns }: Simulation): C {
  const statementsPerAction = statementsIn(policies) * Math.max(1, resourceArns.length);
  if (statementsPerAction > statementsPerPageMax) {
    throw new InvalidInput(
      `The simulation is too large: ${statementsPerAction} statements to look at for each action, ${statementsPerPageMax} at most. Name fewer resources.`,
    );
  }
  const actionsMax = Math.floor(statementsPerPageMax / Math.max(1, statementsPerAction));
  return Object.assign(Object.create(Object.getPrototypeOf(command) as object) as C, command, { MaxItems: Math.min(command.MaxItems, actionsMax) });
}

/** Actions in the order they were asked for; the key of each is its place. */
function* actionsAfter(actions: readonly string[], after: string | undefined): Iterable<readonly [string, string]> {
  for (let place = after === undefined ? 0 : Number(after) + 1; place < actions.length; place++) yield [String(place), actions[place]!]; // place < length
}

function checkActionName(action: string): void {
  if (!/^[A-Za-z0-9.-]+:[A-Za-z0-9]+$/.test(action))
    throw new InvalidInput(`Invalid Action Name: ${action}. It must be the name of a service and of an action, without wildcards.`);
}

function checkResourceArn(arn: string): void {
  if (arn !== '*' && parseArn(arn) === undefined) throw new InvalidInput(`Invalid Resource ARN: ${arn}`);
}

function accountOfOwner(resourceOwner: string | undefined): string | undefined {
  if (resourceOwner === undefined) return undefined;
  const arn = parseArn(resourceOwner);
  const owner = arn?.service === 'iam' && parseArnResource(arn.resource).type === 'root' ? ownerOf(arn) : undefined;
  if (owner === undefined)
    throw new InvalidInput(`Invalid Resource Owner: ${resourceOwner}. It must be the ARN of an account, such as arn:aws:iam::123456789012:root.`);
  return owner.id;
}

/** Number of statements that one question to these policies looks at. */
function statementsIn({ identity, boundary, resource, serviceControl }: PoliciesInForce): number {
  const all: readonly (AttachedPolicy | undefined)[] = [...identity, boundary, resource, ...(serviceControl ?? []).flat()];
  return all.reduce((sum, attached) => sum + (attached?.policy.statements.length ?? 0), 0);
}

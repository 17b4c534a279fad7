import { InvalidInput } from '../../../libs/aws/index.ts';
import {
  compilePolicy,
  parsePolicy,
  PolicySyntaxError,
  type AttachedPolicy,
  type PolicyDocument,
  type PolicyKind,
} from '../../../libs/policy/index.ts';

/** Documents that came with a simulation, made ready. They are not kept: a simulation's policies are not worth the place of ones in force. */
export function inputPolicies(member: string, documents: readonly string[] | undefined, kind: PolicyKind): AttachedPolicy[] {
  return (documents ?? []).map((document, index) => {
    const id = `${member}.${index + 1}`;
    return { id, policy: compilePolicy(readDocument(id, document, [kind])) };
  });
}

/** The one permissions boundary of a simulation: AWS takes a list of them, of one. */
export function inputBoundary(documents: readonly string[] | undefined): AttachedPolicy | undefined {
  const boundaries = inputPolicies('PermissionsBoundaryPolicyInputList', documents, 'boundary');
  if (boundaries.length > 1) throw new InvalidInput('Only one permissions boundary policy can be simulated.');
  return boundaries[0];
}

export interface OrganizationPolicies {
  readonly ServiceControlPolicyInputList?: readonly string[];
}

/** The service control policies of a simulation, a list per level of the organization; every level must allow. */
export function inputServiceControl(levels: readonly OrganizationPolicies[] | undefined): (readonly AttachedPolicy[])[] | undefined {
  if (levels === undefined || levels.length === 0) return undefined;
  return levels.map(({ ServiceControlPolicyInputList: documents }, index) => {
    const member = `OrderedOrganizationPolicyInputList.${index + 1}.ServiceControlPolicyInputList`;
    if (documents === undefined || documents.length === 0) throw new InvalidInput(`${member} needs at least one service control policy.`);
    return inputPolicies(member, documents, 'service-control');
  });
}

/** Id of the simulation's `ResourcePolicy` among the statements that decided. */
export const resourcePolicyId = 'ResourcePolicy';

/**
 * The resource policy of a simulation. Where all that is asked for is to assume a role, it may be a role's trust policy, which has no
 * `Resource`: AWS takes it and passes it over (aws-cli issue 10314), here it counts.
 */
export function inputResourcePolicy(document: string | undefined, actions: readonly string[]): AttachedPolicy | undefined {
  if (document === undefined) return undefined;
  const kinds: PolicyKind[] = actions.every(isTrustAction) ? ['trust', 'resource'] : ['resource'];
  return { id: resourcePolicyId, policy: compilePolicy(readDocument(resourcePolicyId, document, kinds)) };
}

/** Whether an action is decided by a role's trust policy. */
export const isTrustAction = (action: string): boolean =>
  /^sts:(assumerole(with(saml|webidentity))?|tagsession|setsourceidentity|setcontext)$/i.test(action);

/**
 * Reads a document as the first of `kinds` that it fits.
 *
 * @throws InvalidInput with the member, what is wrong and where
 */
export function readDocument(member: string, document: string, kinds: readonly PolicyKind[]): PolicyDocument {
  let first: PolicySyntaxError | undefined;
  for (const kind of kinds) {
    try {
      return parsePolicy(document, kind);
    } catch (error) {
      if (!(error instanceof PolicySyntaxError)) throw error;
      first ??= error;
    }
  }
  throw new InvalidInput(`Invalid policy in ${member}: ${first?.message} (line ${first?.line}, column ${first?.column})`);
}

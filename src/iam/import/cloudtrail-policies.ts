import type { Account } from '../account.ts';
import { fact, type AccountEvent } from '../events.ts';
import { findPolicy, isAwsManaged } from '../policies/find-policy.ts';
import type { ManagedPolicy } from '../policies/managed-policy.ts';
import type { HolderKind } from '../policies/policy-holder.ts';
import { changed, dateOf, entityOf, isMissing, tagsOf, unchanged, type Fold, type Folded, type RecordedCall } from './cloudtrail-call.ts';
import { findHolder, holderFact, tagging, untagging } from './cloudtrail-holders.ts';
import { documentText, optionalText, textOf } from './json.ts';

const createPolicy: Fold = (call, account) => {
  const created = entityOf(call, 'policy');
  const [policyName, policyId, policyArn] = [textOf(created, 'policyName'), textOf(created, 'policyId'), textOf(created, 'arn')];
  const present = account.policies.get(policyName);
  if (present?.policyId === policyId) return unchanged;
  const event = fact('PolicyCreated', {
    policyName,
    policyId,
    policyArn,
    path: optionalText(created, 'path') ?? '/',
    description: optionalText(call.request, 'description'),
    createDate: dateOf(created, 'createDate', call),
    policyDocument: documentText(call.request['policyDocument'], 'policyDocument'),
    versionId: optionalText(created, 'defaultVersionId'),
    tags: tagsOf(call.request),
  });
  if (present === undefined) return changed(event);
  return { events: [...policyDeleted(account, present), event], missing: [`DeletePolicy of policy ${present.arn} with the id ${present.policyId}`] };
};

const createPolicyVersion = inPolicy((call, policy) => {
  const created = entityOf(call, 'policyVersion');
  const versionId = textOf(created, 'versionId');
  const event = fact('PolicyVersionCreated', {
    policyArn: policy.arn,
    versionId,
    policyDocument: documentText(call.request['policyDocument'], 'policyDocument'),
    createDate: dateOf(created, 'createDate', call),
    isDefaultVersion: (created['isDefaultVersion'] ?? call.request['setAsDefault']) === true,
    previousDefaultVersionId: policy.defaultVersionId,
  });
  return policy.versions.some((version) => version.versionId === versionId) ? unchanged : changed(event);
});

const deletePolicyVersion = inPolicy(({ request }, policy) => {
  const versionId = textOf(request, 'versionId');
  const version = policy.versions.find((candidate) => candidate.versionId === versionId);
  if (version === undefined) return isMissing(`CreatePolicyVersion of ${versionId} of policy ${policy.arn}`);
  // AWS deletes no default version: another one must have become it, and nobody knows which.
  if (versionId === policy.defaultVersionId) return isMissing(`SetDefaultPolicyVersion of policy ${policy.arn} to another version than ${versionId}`);
  return changed(fact('PolicyVersionDeleted', { policyArn: policy.arn, versionId, policyDocument: version.policyDocument }));
});

const setDefaultPolicyVersion = inPolicy(({ request, eventTime }, policy) => {
  const versionId = textOf(request, 'versionId');
  if (versionId === policy.defaultVersionId) return unchanged;
  if (!policy.versions.some((version) => version.versionId === versionId))
    return isMissing(`CreatePolicyVersion of ${versionId} of policy ${policy.arn}`);
  return changed(
    fact('DefaultPolicyVersionSet', { policyArn: policy.arn, versionId, previousDefaultVersionId: policy.defaultVersionId, updateDate: eventTime }),
  );
});

const deletePolicy = inPolicy((_call, policy, account) => {
  const detach = holdersOf(account, policy.arn).map(
    ({ kind, name }) => `Detach${kind.charAt(0).toUpperCase()}${kind.slice(1)}Policy of ${policy.arn} from ${kind} ${name}`,
  );
  const boundaries = [...(account.boundaryUses.get(policy.arn)?.keys() ?? [])].map(
    (key) => `the end of ${policy.arn} as permissions boundary of ${key.replace('/', ' ')}`,
  );
  const versions = policy.versions.filter(({ versionId }) => versionId !== policy.defaultVersionId);
  const versionsLeft = versions.map(({ versionId }) => `DeletePolicyVersion of ${versionId} of policy ${policy.arn}`);
  return { events: policyDeleted(account, policy), missing: [...detach, ...boundaries, ...versionsLeft] };
});

/**
 * The policy is gone, also from those who held it: a later policy of the same ARN must not come into force there. A boundary stays, since taking
 * one away would allow more; without its policy it allows nothing.
 */
function policyDeleted(account: Account, { arn, policyName, policyId }: ManagedPolicy): AccountEvent[] {
  return [
    ...holdersOf(account, arn).map(({ kind, name }) => holderFact(kind, 'PolicyDetached', name, { policyArn: arn })),
    fact('PolicyDeleted', { policyArn: arn, policyName, policyId }),
  ];
}

function holdersOf(account: Account, policyArn: string): { readonly kind: HolderKind; readonly name: string }[] {
  return [...(account.attachments.get(policyArn)?.keys() ?? [])].map((key) => {
    const [kind, name] = key.split('/', 2) as [HolderKind, string];
    return { kind, name: findHolder(account, kind, name)?.name ?? name };
  });
}

function inPolicy(fold: (call: RecordedCall, policy: ManagedPolicy, account: Account) => Folded): Fold {
  return (call, account) => {
    const policyArn = textOf(call.request, 'policyArn');
    const policy = isAwsManaged(policyArn) ? undefined : findPolicy(account, policyArn);
    return policy === undefined ? isMissing(`CreatePolicy of policy ${policyArn}`) : fold(call, policy, account);
  };
}

/** The calls that change managed policies, by their names. */
export const policyFolds: Readonly<Record<string, Fold>> = {
  CreatePolicy: createPolicy,
  CreatePolicyVersion: createPolicyVersion,
  DeletePolicyVersion: deletePolicyVersion,
  SetDefaultPolicyVersion: setDefaultPolicyVersion,
  DeletePolicy: deletePolicy,
  TagPolicy: inPolicy(({ request }, { arn, tags }) => {
    const tagged = tagging(tags, request);
    return tagged === undefined ? unchanged : changed(fact('PolicyTagged', { policyArn: arn, ...tagged }));
  }),
  UntagPolicy: inPolicy(({ request }, { arn, tags }) => {
    const untagged = untagging(tags, request);
    return untagged === undefined ? unchanged : changed(fact('PolicyUntagged', { policyArn: arn, ...untagged }));
  }),
};

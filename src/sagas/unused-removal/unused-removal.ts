import { noExemptions } from '../exemptions/exemptions.ts';
import { parseExemptions } from '../exemptions/parse-exemptions.ts';
import type { Saga } from '../saga.ts';
import type { RulesSource, SagaKind } from '../saga-kind.ts';
import { decide } from './decide.ts';
import { milestoneOf } from './milestones.ts';
import { planUnusedRemoval, population } from './plan.ts';
import { sagaKind } from './protection.ts';
import { defaultUnusedRemovalSettings, parseUnusedRemovalSettings, type UnusedRemovalRules } from './settings.ts';
import { evolve, isOver, newLadder, type UnusedFact, type UnusedState } from './unused-state.ts';

/** The saga under these rules. */
export const unusedRemovalWith = (rules: UnusedRemovalRules): Saga<UnusedState, UnusedFact> => ({
  kind: sagaKind,
  initialState: newLadder,
  evolve,
  decide: (state, world) => decide(state, world, rules),
  isOver,
});

/** Settings and exemptions as they were put. Never throws: what can not be read is a problem, and nothing is done while there is one. */
export function readUnusedRemovalRules({ settings, exemptions }: RulesSource): UnusedRemovalRules {
  const read = exemptions === undefined ? noExemptions : parseExemptions(exemptions);
  if (settings === undefined) return { settings: defaultUnusedRemovalSettings, exemptions: read, problems: [] };
  try {
    return { settings: parseUnusedRemovalSettings(settings), exemptions: read, problems: [] };
  } catch (error) {
    return { settings: defaultUnusedRemovalSettings, exemptions: read, problems: [(error as Error).message] };
  }
}

/**
 * Removes what nobody uses: users, access keys, passwords, signing certificates, roles, empty groups, policies attached and MFA devices assigned to nobody,
 * permissions.
 */
export const unusedRemoval: SagaKind<UnusedRemovalRules, UnusedState, UnusedFact> = {
  kind: sagaKind,
  summary: 'Removes what nobody uses, after notice, quarantine and a time to recover',
  principal: 'unused-removal.iam-ledger.internal',
  roleName: 'IamLedgerUnusedRemoval',
  actions: [
    'AddRoleToInstanceProfile',
    'AddUserToGroup',
    'AttachGroupPolicy',
    'AttachRolePolicy',
    'AttachUserPolicy',
    'CreateGroup',
    'CreatePolicy',
    'CreatePolicyVersion',
    'CreateRole',
    'CreateUser',
    'DeactivateMFADevice',
    'DeleteAccessKey',
    'DeleteGroup',
    'DeleteGroupPolicy',
    'DeleteLoginProfile',
    'DeletePolicy',
    'DeletePolicyVersion',
    'DeleteRole',
    'DeleteRolePolicy',
    'DeleteSSHPublicKey',
    'DeleteServiceSpecificCredential',
    'DeleteSigningCertificate',
    'DeleteUser',
    'DeleteUserPolicy',
    'DeleteVirtualMFADevice',
    'DetachGroupPolicy',
    'DetachRolePolicy',
    'DetachUserPolicy',
    'PassRole',
    'PutGroupPolicy',
    'PutRolePolicy',
    'PutUserPolicy',
    'RemoveRoleFromInstanceProfile',
    'RemoveUserFromGroup',
    'TagPolicy',
    'TagRole',
    'TagUser',
    'UpdateAccessKey',
    'UpdateSigningCertificate',
  ].map((name) => `iam:${name}`),
  waitsForSettings: true,
  readRules: readUnusedRemovalRules,
  problemsOf(source) {
    const { problems, exemptions } = readUnusedRemovalRules(source);
    return [...problems, ...exemptions.problems];
  },
  sagaWith: unusedRemovalWith,
  plan: planUnusedRemoval,
  restore: ({ phase }, { by, reason, parts }) =>
    phase === 'Removed' || !isOver({ phase })
      ? { type: 'RestoreRequested', data: { by, reason, ...(parts === undefined ? {} : { parts }) } }
      : undefined,
  milestoneOf,
  population,
};

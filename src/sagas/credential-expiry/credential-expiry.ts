import type { Account } from '../../iam/account.ts';
import { checkedAgainst, exemptionOf } from '../exemptions/exemptions.ts';
import { parseExemptions } from '../exemptions/parse-exemptions.ts';
import type { Instances, PlanItem, RulesSource, SagaKind } from '../saga-kind.ts';
import type { World } from '../saga.ts';
import { credentialsOf, type ExpiringCredential } from './credentials.ts';
import { decide, dueFrom, evolve, isOver, noExpiry, type Expiry, type ExpiryFact, type ExpiryRules } from './expiry.ts';
import { milestoneOf } from './milestones.ts';
import { defaultPolicy, parseExpirySettings } from './settings.ts';

export const expiryKind = 'credential-expiry';

type Item = PlanItem<ExpiryFact>;

/**
 * Tells owners of credentials that only they can renew, before these come to an end; where nothing happens, security. It changes nothing in the account.
 * An instance is one credential as it was made on one day.
 */
export const credentialExpiry: SagaKind<ExpiryRules, Expiry, ExpiryFact> = {
  kind: expiryKind,
  summary: 'Tells owners of passwords that are to be changed',
  principal: 'expiry.iam-ledger.internal',
  roleName: 'IamLedgerExpiry',
  actions: ['iam:GetLoginProfile'], // a role's policy must allow something; no command is ever sent
  readRules,
  problemsOf: (source) => {
    const { policy } = readRules(source);
    return [...('unreadable' in policy ? [policy.unreadable] : []), ...parseExemptions(source.exemptions ?? []).problems];
  },
  sagaWith: (rules) => ({ kind: expiryKind, initialState: noExpiry, evolve, decide: (state, world) => decide(state, world, rules), isOver }),
  plan,
  milestoneOf,
  population: (account) => [...account.users.values()].filter(({ loginProfile }) => loginProfile !== undefined).length,
};

function readRules({ settings, exemptions }: RulesSource): ExpiryRules {
  const parsed = parseExemptions(exemptions ?? []);
  let checked: { readonly account: Account; readonly at: number; readonly exemptions: typeof parsed } | undefined;
  return {
    policy: readPolicy(settings),
    exemptionOf({ account, now }, { owner }) {
      if (checked?.account !== account || checked.at !== now.getTime()) {
        checked = { account, at: now.getTime(), exemptions: checkedAgainst(parsed, account, now) };
      }
      const subject = { ids: [owner.userId], tags: owner.tags, paths: [owner.path], groups: owner.groups };
      return exemptionOf(checked.exemptions, subject, { saga: expiryKind, now });
    },
  };
}

function readPolicy(settings: unknown): ExpiryRules['policy'] {
  try {
    return settings === undefined ? defaultPolicy : parseExpirySettings(settings);
  } catch (error) {
    return { unreadable: (error as Error).message };
  }
}

function plan(world: World, rules: ExpiryRules, instances: Instances<Expiry>): readonly Item[] {
  const { policy } = rules;
  if ('unreadable' in policy) return []; // the run is refused for it
  const items: Item[] = [];
  for (const credential of credentialsOf(world.account, policy)) {
    if (world.now.getTime() < dueFrom(credential, policy)) continue;
    const item = itemOf(world, credential);
    if (instances.of(item.instance) !== undefined) continue; // it is told, or was
    const exemption = rules.exemptionOf(world, credential);
    if (exemption.status === 'none') items.push(item);
    else items.push(skipped(item, exemption.status === 'exempt' ? exemption.reason : exemption.detail, exemption.status === 'exempt'));
  }
  return items;
}

function itemOf({ account, now }: World, { type, id, madeAt, expiresAt, owner, arn }: ExpiringCredential): Item {
  const verb = now < expiresAt ? 'comes to its end' : 'came to its end';
  return {
    instance: `${id}-${type}-${madeAt.replace(/[^0-9TZ]/g, '')}`,
    entity: arn,
    credential: type,
    reason: `the ${type} ${verb} on ${expiresAt.toISOString()}`,
    evidence: [`made ${madeAt}`],
    action: 'start',
    facts: [{ type: 'ExpiryPlanned', data: { accountId: account.id, credential: type, userId: owner.userId, userName: owner.userName, madeAt } }],
  };
}

function skipped({ instance, entity, reason, evidence }: Item, why: string, isExempt: boolean): Item {
  return { instance, entity, reason: `${reason}, but ${why}`, evidence, action: 'skip', skipReason: isExempt ? 'Exempt' : 'ExemptionsUnreadable' };
}

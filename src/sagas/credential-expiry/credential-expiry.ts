import type { Account } from '../../iam/account.ts';
import { checkedAgainst, exemptionOf } from '../exemptions/exemptions.ts';
import { parseExemptions } from '../exemptions/parse-exemptions.ts';
import type { Instances, PlanItem, RulesSource, SagaKind } from '../saga-kind.ts';
import type { World } from '../saga.ts';
import { credentialsOf, type CredentialType, type ExpiringCredential } from './credentials.ts';
import { decide, dueFrom, evolve, isOver, noExpiry, type Expiry, type ExpiryFact, type ExpiryRules } from './expiry.ts';
import { milestoneOf } from './milestones.ts';
import { defaultPolicy, parseExpirySettings } from './settings.ts';

export const expiryKind = 'credential-expiry';

type Item = PlanItem<ExpiryFact>;

/**
 * Tells owners of credentials that only they can renew, before these come to an end; where nothing happens, security. It changes nothing in the account.
 * An instance is one credential as it was made on one day, or with one end. One that ended without a renewal is followed by another where it is due again.
 */
export const credentialExpiry: SagaKind<ExpiryRules, Expiry, ExpiryFact> = {
  kind: expiryKind,
  summary: 'Tells owners of passwords, keys and certificates that are to be replaced',
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
  population,
};

function readRules({ settings, exemptions }: RulesSource): ExpiryRules {
  const parsed = parseExemptions(exemptions ?? []);
  let checked: { readonly account: Account; readonly at: number; readonly exemptions: typeof parsed } | undefined;
  return {
    policy: readPolicy(settings),
    exemptionOf({ account, now }, { owner: { subject } }) {
      if (checked?.account !== account || checked.at !== now.getTime()) {
        checked = { account, at: now.getTime(), exemptions: checkedAgainst(parsed, account, now) };
      }
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
    if (credential.isInactive === true || credential.isReplaced === true) continue;
    const instance = nameOf(credential, instances);
    if (instance === undefined) continue; // it is told, or was
    const item = itemOf(world, credential, instance);
    const exemption = rules.exemptionOf(world, credential);
    if (exemption.status === 'none') items.push(item);
    else items.push(skipped(item, exemption.status === 'exempt' ? exemption.reason : exemption.detail, exemption.status === 'exempt'));
  }
  return items;
}

/** The name of the instance that is to begin; `undefined` where there is one under way, one that a person cancelled, or one that nothing ended. */
function nameOf({ type, id, madeAt, endsAt }: ExpiringCredential, instances: Instances<Expiry>): string | undefined {
  const first = `${id}-${type}-${(endsAt ?? madeAt).replace(/[^0-9TZ]/g, '')}`;
  let name = first;
  for (let round = 2; ; round++) {
    const known = instances.of(name);
    if (known === undefined) return name;
    if (known.state.phase !== 'Ended') return undefined;
    name = `${first}.${round}`; // exempt then, or not due, or replaced by one that is gone by now
  }
}

const labels: Readonly<Record<CredentialType, string>> = {
  password: 'password',
  'ssh-public-key': 'SSH public key',
  'signing-certificate': 'signing certificate',
  'service-specific-credential': 'service-specific credential',
  'server-certificate': 'server certificate',
  'saml-provider': 'metadata of the SAML provider',
};

function itemOf(
  { account, now }: World,
  { type, id, madeAt, endsAt, expiresAt, evidence, owner: { user }, arn }: ExpiringCredential,
  instance: string,
): Item {
  const verb = now < expiresAt ? 'comes to its end' : 'came to its end';
  const isPassword = type === 'password';
  const data = {
    accountId: account.id,
    credential: type,
    ...(isPassword ? {} : { credentialId: id }),
    ...(user === undefined ? {} : { userId: user.userId, userName: user.userName }),
    madeAt,
    ...(endsAt === undefined ? {} : { endsAt }),
  };
  return {
    instance,
    entity: arn,
    credential: isPassword ? type : id,
    reason: `the ${labels[type]}${isPassword ? '' : ` ${id}`} ${verb} on ${expiresAt.toISOString()}`,
    evidence,
    action: 'start',
    facts: [{ type: 'ExpiryPlanned', data }],
  };
}

function skipped({ instance, entity, reason, evidence }: Item, why: string, isExempt: boolean): Item {
  return { instance, entity, reason: `${reason}, but ${why}`, evidence, action: 'skip', skipReason: isExempt ? 'Exempt' : 'ExemptionsUnreadable' };
}

function population({ users, root, serverCertificates, samlProviders }: Account): number {
  let count = root.signingCertificates.length + serverCertificates.size + samlProviders.size;
  for (const { loginProfile, sshPublicKeys, signingCertificates, serviceSpecificCredentials } of users.values())
    count += (loginProfile === undefined ? 0 : 1) + sshPublicKeys.length + signingCertificates.length + serviceSpecificCredentials.length;
  return count;
}

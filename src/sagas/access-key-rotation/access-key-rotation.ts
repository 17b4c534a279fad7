import { checkedAgainst, exemptionOf, type Exemptions } from '../exemptions/exemptions.ts';
import { parseExemptions } from '../exemptions/parse-exemptions.ts';
import type { SagaKind } from '../saga-kind.ts';
import { decide } from './decide.ts';
import { milestoneOf } from './milestones.ts';
import { plan, population } from './plan.ts';
import { evolve } from './evolve.ts';
import type { RotationFact } from './facts.ts';
import { isOver, noRotation, type Rotation } from './rotation.ts';
import { parseRotationSettings } from './parse-settings.ts';
import { defaultPolicy, defaultSettings, type RotationRules, type RotationSettings } from './settings.ts';

export const rotationKind = 'access-key-rotation';

/** Replaces access keys when their period is over. An instance is one rotation of one user's key: the user's unique id and a number. */
export const accessKeyRotation = rotationThrough(undefined);

/**
 * The same, where secrets can be handed over through these channels alone: settings that name another can not be followed, so nothing is done.
 * `undefined`: through any.
 */
export function rotationThrough(channels: ReadonlySet<string> | undefined): SagaKind<RotationRules, Rotation, RotationFact> {
  return {
    kind: rotationKind,
    summary: 'Replaces access keys when their period is over',
    principal: 'rotation.iam-ledger.internal',
    roleName: 'IamLedgerRotation',
    actions: ['iam:CreateAccessKey', 'iam:UpdateAccessKey', 'iam:DeleteAccessKey'],
    waitsForSettings: true,
    readRules: ({ settings, exemptions }) => rulesOf(readSettings(settings, channels), parseExemptions(exemptions ?? [])),
    problemsOf: ({ settings, exemptions }) => {
      const read = readSettings(settings, channels);
      return [...('unreadable' in read ? [read.unreadable] : []), ...parseExemptions(exemptions ?? []).problems];
    },
    sagaWith: (rules) => ({
      kind: rotationKind,
      initialState: noRotation,
      evolve,
      decide: (state, world) => decide(state, world, rules),
      isOver,
    }),
    plan,
    milestoneOf,
    population,
  };
}

function readSettings(value: unknown, channels: ReadonlySet<string> | undefined): RotationRules['settings'] {
  let settings: RotationSettings;
  try {
    settings = value === undefined ? defaultSettings : parseRotationSettings(value);
  } catch (error) {
    return { unreadable: (error as Error).message }; // whatever it is, nothing is done
  }
  const missing = channelsOf(settings).find((name) => channels?.has(name) === false);
  if (missing === undefined) return settings;
  const why = missing === 'pick-up' ? 'it needs sagas.noticeUrl, to tell owners where to collect' : 'sagas.deliveriesFile does not have it';
  return { unreadable: `The delivery channel ${missing} does not work on this server: ${why}.` };
}

const channelsOf = ({ policy, byTag, byUser }: RotationSettings): readonly string[] => [
  policy.delivery ?? defaultPolicy.delivery,
  ...[...byTag.map((override) => override.policy), ...Object.values(byUser)].flatMap(({ delivery }) => delivery ?? []),
];

/** Settings and exemptions as the decisions ask for them. */
export function rulesOf(settings: RotationRules['settings'], exemptions: Exemptions): RotationRules {
  let checked: { readonly position: number; readonly accountId: string; readonly at: number; readonly exemptions: Exemptions } | undefined;
  return {
    settings,
    exemptionOf(account, user, now) {
      if (checked?.position !== account.position || checked.accountId !== account.id || checked.at !== now.getTime()) {
        checked = { position: account.position, accountId: account.id, at: now.getTime(), exemptions: checkedAgainst(exemptions, account, now) };
      }
      const subject = { ids: [user.userId, ...user.accessKeyIds], tags: user.tags, paths: [user.path], groups: user.groups };
      return exemptionOf(checked.exemptions, subject, { saga: rotationKind, now });
    },
  };
}

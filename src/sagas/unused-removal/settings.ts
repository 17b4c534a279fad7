import type { Exemptions } from '../exemptions/exemptions.ts';

/** What the saga can find unused. Each is a ladder of its own. */
export const unusedKinds = ['user', 'access-key', 'password', 'role', 'group', 'policy', 'permission', 'mfa-device', 'signing-certificate'] as const;
export type UnusedKind = (typeof unusedKinds)[number];

/** How unused things are removed. Days are 24 hours. */
export interface UnusedRemovalSettings {
  /** So long without a sign of life, and a thing is unused; `undefined`: things of this kind are left alone. CIS AWS Foundations 1.12: 45 for credentials. */
  readonly unusedDays: Readonly<Record<UnusedKind, number | undefined>>;
  /** Between telling the owner and the quarantine. */
  readonly noticeDays: number;
  /** Days before the quarantine at which the owner is told again, the largest first. */
  readonly reminderDays: readonly number[];
  /** Between the quarantine and the removal. A session of a user lasts 36 hours at most, so not less than two. */
  readonly recoveryDays: number;
  /** What a use, or an attempt, in the recovery window leads to: the thing back, or a person who is called and decides. */
  readonly onUse: 'restore' | 'escalate';
  /** Whether a person must approve each removal before its quarantine. */
  readonly approval: boolean;
  /** Tag that names the owner who is told. */
  readonly ownerTag: string;
  /** Never touched: what carries this tag, whatever its value, and what is named here by unique id, ARN or name. */
  readonly breakGlass: { readonly tag: string; readonly names: readonly string[] };
  /** Tries of one step until a person is called, and the minutes before the second one; they double. */
  readonly attemptsMax: number;
  readonly retryMinutes: number;
}

export const defaultUnusedRemovalSettings: UnusedRemovalSettings = {
  unusedDays: {
    user: 90,
    'access-key': 45,
    password: 45,
    role: 90,
    group: 90,
    policy: 90,
    permission: undefined,
    'mfa-device': 30,
    'signing-certificate': 45,
  },
  noticeDays: 14,
  reminderDays: [7, 1],
  recoveryDays: 30,
  onUse: 'restore',
  approval: false,
  ownerTag: 'owner',
  breakGlass: { tag: 'break-glass', names: [] },
  attemptsMax: 8,
  retryMinutes: 5,
};

/** What the saga and its planner look at beside the world. Read anew for every decision, so a change acts at once. */
export interface UnusedRemovalRules {
  readonly settings: UnusedRemovalSettings;
  readonly exemptions: Exemptions;
  /** Why the settings can not be trusted; nothing is done while there is one. */
  readonly problems: readonly string[];
}

const daysMax = 3650;
const namesMax = 1000;

/**
 * Reads settings as an operator wrote them; what is left out stays at its default, and `null` days turn a kind off.
 *
 * @throws Error that names the member and what would be right
 */
export function parseUnusedRemovalSettings(value: unknown): UnusedRemovalSettings {
  const given = record(value, 'the settings', Object.keys(defaultUnusedRemovalSettings));
  const defaults = defaultUnusedRemovalSettings;
  const { onUse = defaults.onUse, approval = defaults.approval, ownerTag = defaults.ownerTag, reminderDays = defaults.reminderDays } = given;
  if (onUse !== 'restore' && onUse !== 'escalate') throw new Error('onUse must be "restore" or "escalate".');
  if (typeof approval !== 'boolean') throw new Error('approval must be true or false.');
  const noticeDays = days(given['noticeDays'] ?? defaults.noticeDays, 'noticeDays', 1);
  const falling = (list: readonly unknown[]): boolean => list.every((each, index) => index === 0 || (each as number) < (list[index - 1] as number));
  if (!Array.isArray(reminderDays) || reminderDays.length > 10) throw new Error('reminderDays must be a list of at most 10 numbers of days.');
  for (const each of reminderDays as readonly unknown[]) days(each, 'each of reminderDays', 1);
  if (!falling(reminderDays)) throw new Error('reminderDays must be numbers of days, the largest first, such as [7, 1].');
  return {
    unusedDays: parseUnusedDays(given['unusedDays'] ?? {}),
    noticeDays,
    reminderDays: reminderDays as readonly number[],
    recoveryDays: days(given['recoveryDays'] ?? defaults.recoveryDays, 'recoveryDays', 2),
    onUse,
    approval,
    ownerTag: text(ownerTag, 'ownerTag'),
    breakGlass: parseBreakGlass(given['breakGlass'] ?? {}),
    attemptsMax: wholeNumber(given['attemptsMax'] ?? defaults.attemptsMax, 'attemptsMax', 1, 100),
    retryMinutes: wholeNumber(given['retryMinutes'] ?? defaults.retryMinutes, 'retryMinutes', 1, 1440),
  };
}

function parseUnusedDays(value: unknown): UnusedRemovalSettings['unusedDays'] {
  const given = record(value, 'unusedDays', unusedKinds);
  const read = (kind: UnusedKind): number | undefined => {
    const own = given[kind];
    if (own === null) return undefined;
    return own === undefined ? defaultUnusedRemovalSettings.unusedDays[kind] : days(own, `unusedDays.${kind}`, 1);
  };
  return Object.fromEntries(unusedKinds.map((kind) => [kind, read(kind)])) as UnusedRemovalSettings['unusedDays'];
}

function parseBreakGlass(value: unknown): UnusedRemovalSettings['breakGlass'] {
  const { tag = defaultUnusedRemovalSettings.breakGlass.tag, names = [] } = record(value, 'breakGlass', ['tag', 'names']);
  if (!Array.isArray(names) || names.length > namesMax) throw new Error(`breakGlass.names must be a list of at most ${namesMax} names, ids or ARNs.`);
  return { tag: text(tag, 'breakGlass.tag'), names: names.map((name: unknown) => text(name, 'each of breakGlass.names')) };
}

function record(value: unknown, name: string, members: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${name} must be an object.`);
  const stranger = Object.keys(value).find((member) => !members.includes(member));
  if (stranger !== undefined) throw new Error(`${name} has no member '${stranger}'; there are ${members.join(', ')}.`);
  return value as Record<string, unknown>;
}

function text(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '' || value.length > 2048) throw new Error(`${name} must be a text that is not empty.`);
  return value;
}

const days = (value: unknown, name: string, least: number): number => wholeNumber(value, name, least, daysMax);

function wholeNumber(value: unknown, name: string, least: number, most: number): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least || value > most)
    throw new Error(`${name} must be a whole number from ${least} to ${most}.`);
  return value;
}

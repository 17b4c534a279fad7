import { checkChangeWindow } from './change-window.ts';
import { defaultPolicy, type RotationPolicy, type RotationSettings } from './settings.ts';

const daysMax = 3650;
const noticesMax = 10;
const overridesMax = 1000;

const dayMembers = [
  'periodDays',
  'leadDays',
  'deliverWithinDays',
  'observeDays',
  'observeWithinDays',
  'recoveryDays',
  'escalateDays',
  'forceAfterDays',
] as const satisfies readonly (keyof RotationPolicy)[];

/**
 * Reads settings as an operator wrote them.
 *
 * @throws Error that names the member and what would be right
 */
export function parseRotationSettings(value: unknown): RotationSettings {
  const { policy = {}, byTag = [], byUser = {}, ...unknown } = record(value, 'the settings');
  refuseUnknown(unknown, 'the settings');
  if (!Array.isArray(byTag) || byTag.length > overridesMax) throw new Error(`byTag must be a list of at most ${overridesMax} overrides.`);
  const users = Object.entries(record(byUser, 'byUser'));
  if (users.length > overridesMax) throw new Error(`byUser must hold at most ${overridesMax} overrides.`);
  return {
    policy: parsePolicy(policy, 'policy'),
    byTag: byTag.map((each: unknown, index) => {
      const name = `byTag[${index}]`;
      const { key, value: tagValue, policy: override, ...rest } = record(each, name);
      refuseUnknown(rest, name);
      if (typeof key !== 'string' || typeof tagValue !== 'string') throw new Error(`${name} must have a key and a value.`);
      return { key, value: tagValue, policy: parsePolicy(override, `${name}.policy`) };
    }),
    byUser: Object.fromEntries(users.map(([userId, override]) => [userId, parsePolicy(override, `byUser.${userId}`)])),
  };
}

function parsePolicy(value: unknown, name: string): Partial<RotationPolicy> {
  const given = record(value, name);
  refuseUnknown(Object.fromEntries(Object.entries(given).filter(([key]) => !(key in defaultPolicy))), name);
  for (const member of dayMembers) {
    const days = given[member];
    const least = member === 'periodDays' || member === 'observeDays' || member === 'recoveryDays' ? 1 : 0;
    if (days !== undefined && !isDays(days, least)) throw new Error(`${name}.${member} must be a whole number of days from ${least} to ${daysMax}.`);
  }
  const { noticeDays, onOldKeyUse, changeWindow, delivery } = given;
  if (noticeDays !== undefined && !isNoticeDays(noticeDays))
    throw new Error(`${name}.noticeDays must be one to ${noticesMax} numbers of days, the largest first, such as [14, 7, 1].`);
  if (onOldKeyUse !== undefined && onOldKeyUse !== 'reactivate' && onOldKeyUse !== 'alarm')
    throw new Error(`${name}.onOldKeyUse must be "reactivate" or "alarm".`);
  if (delivery !== undefined && (typeof delivery !== 'string' || !/^[a-z0-9-]{1,64}$/.test(delivery)))
    throw new Error(`${name}.delivery must be the name of a channel: lower case, digits and dashes.`);
  if (changeWindow !== undefined) checkChangeWindow(changeWindow, `${name}.changeWindow`);
  return given as Partial<RotationPolicy>;
}

const isDays = (value: unknown, least: number): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= daysMax;

const isNoticeDays = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length <= noticesMax &&
  value.every((days, index) => isDays(days, 0) && (index === 0 || days < (value[index - 1] as number)));

function record(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${name} must be an object.`);
  return value as Record<string, unknown>;
}

function refuseUnknown(rest: Readonly<Record<string, unknown>>, name: string): void {
  const [first] = Object.keys(rest);
  if (first !== undefined) throw new Error(`${name} has no member '${first}'.`);
}

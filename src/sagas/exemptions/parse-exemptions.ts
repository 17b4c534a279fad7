import type { Exemption, ExemptionMatch, Exemptions } from './exemptions.ts';

/** So many exemptions at most: whoever needs more wants a group or a path. */
const exemptionsMax = 1000;
const charactersMax = 500;

/**
 * Reads exemptions as they were written: a list of
 * `{id, match: {tag: {key, value?}} | {path} | {group} | {id}, sagas?, reason, owner, approver, expiresAt}`. Never throws: what can not be read, or
 * contradicts itself, comes back as a problem, and with a problem nothing is exempt and nothing is done.
 */
export function parseExemptions(source: unknown): Exemptions {
  if (!Array.isArray(source)) return { list: [], problems: ['The exemptions must be a list.'] };
  if (source.length > exemptionsMax) return { list: [], problems: [`There are ${source.length} exemptions; ${exemptionsMax} is the most.`] };
  const problems: string[] = [];
  const list: Exemption[] = [];
  source.forEach((entry: unknown, index) => {
    try {
      list.push(parseExemption(entry));
    } catch (error) {
      problems.push(`Exemption ${index + 1}: ${(error as Error).message}`);
    }
  });
  return { list, problems: [...problems, ...contradictions(list)] };
}

/** Exemptions as the text of a JSON file. Never throws. */
export function parseExemptionsText(text: string): Exemptions {
  try {
    return parseExemptions(JSON.parse(text));
  } catch (error) {
    return { list: [], problems: [`The exemptions are no JSON: ${(error as Error).message}`] };
  }
}

const members = new Set(['id', 'match', 'sagas', 'reason', 'owner', 'approver', 'expiresAt']);

function parseExemption(entry: unknown): Exemption {
  const given = record(entry, 'it');
  const stranger = Object.keys(given).find((member) => !members.has(member));
  if (stranger !== undefined) throw new Error(`it has no member '${stranger}'.`);
  const [id, reason, owner, approver] = ['id', 'reason', 'owner', 'approver'].map((member) => text(given[member], member)) as [
    string,
    string,
    string,
    string,
  ];
  if (owner.toLowerCase() === approver.toLowerCase()) throw new Error(`${owner} can not approve his own exemption.`);
  const { sagas } = given;
  if (sagas !== undefined && (!Array.isArray(sagas) || sagas.length === 0 || !sagas.every((kind) => typeof kind === 'string')))
    throw new Error('sagas must be a list of kinds of sagas; leave it out for every kind.');
  return {
    id,
    match: parseMatch(given['match']),
    sagas: sagas as readonly string[] | undefined,
    reason,
    owner,
    approver,
    expiresAt: moment(given['expiresAt']),
  };
}

function parseMatch(value: unknown): ExemptionMatch {
  const [[by, what] = ['', undefined], ...further] = Object.entries(record(value, 'match'));
  if (further.length > 0) throw new Error('match must have one member: tag, path, group or id.');
  switch (by) {
    case 'tag': {
      const { key, value: tagValue, ...rest } = record(what, 'match.tag');
      if (Object.keys(rest).length > 0) throw new Error('match.tag must have a key and may have a value.');
      if (tagValue !== undefined && typeof tagValue !== 'string') throw new Error('match.tag.value must be a text.');
      return { by, key: text(key, 'match.tag.key'), value: tagValue };
    }
    case 'path': {
      const prefix = text(what, 'match.path');
      if (!prefix.startsWith('/') || !prefix.endsWith('/') || prefix === '/')
        throw new Error('match.path must begin and end with / and not be / alone.');
      return { by, prefix };
    }
    case 'group':
      return { by, groupName: text(what, 'match.group') };
    case 'id':
      return { by, id: text(what, 'match.id') };
    default:
      throw new Error('match must have one member: tag, path, group or id.');
  }
}

/** The same id twice, or the same thing exempted until two different days: nobody can say which was meant. */
function contradictions(list: readonly Exemption[]): string[] {
  const problems: string[] = [];
  const ids = new Set<string>();
  const untils = new Map<string, Exemption>();
  for (const exemption of list) {
    if (ids.has(exemption.id)) problems.push(`There are two exemptions with the id ${exemption.id}.`);
    ids.add(exemption.id);
    const what = JSON.stringify([exemption.match, [...(exemption.sagas ?? [])].sort()]);
    const other = untils.get(what);
    if (other !== undefined && other.expiresAt.getTime() !== exemption.expiresAt.getTime())
      problems.push(`Exemptions ${other.id} and ${exemption.id} are for the same and end on different days.`);
    untils.set(what, exemption);
  }
  return problems;
}

function record(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${name} must be an object.`);
  return value as Record<string, unknown>;
}

function text(value: unknown, name: string): string {
  if (typeof value !== 'string' || value.trim() === '') throw new Error(`${name} must be a text that is not empty.`);
  if (value.length > charactersMax) throw new Error(`${name} must have at most ${charactersMax} characters.`);
  return value;
}

const isoMoment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/;

function moment(value: unknown): Date {
  const date = new Date(typeof value === 'string' && isoMoment.test(value) ? value : Number.NaN);
  // A day that no calendar has comes back as another one.
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== (value as string).slice(0, 10))
    throw new Error('expiresAt must be a moment such as 2027-01-31T00:00:00Z.');
  return date;
}

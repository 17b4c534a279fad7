import { InvalidArgumentError, type Command } from 'commander';

/** Parsers of option values; what they throw, commander tells with the option's name. */

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const timePattern = /^\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d{2}:\d{2})?)?$/;

/**
 * A moment: `2026-01-01`, `2026-01-01T00:00:00Z`, or a time ago such as `24h` (s, m, h, d, w). Without a zone it is UTC.
 *
 * @returns RFC 3339 in UTC; with a fraction of a second only where the text tells moments apart that finely: to the server, a second is all of it
 */
export function parseTime(text: string, nowMs: number = Date.now()): string {
  const [, count, unit] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) return new Date(nowMs - Number(count) * (unitMs[unit] ?? 0)).toISOString();
  if (timePattern.test(text)) {
    const hasZone = text.length === 10 || /(?:[Zz]|[+-]\d{2}:\d{2})$/.test(text);
    const ms = Date.parse(hasZone ? text : `${text}Z`);
    if (!Number.isNaN(ms)) return text.includes('.') ? new Date(ms).toISOString() : new Date(ms).toISOString().replace('.000Z', 'Z');
  }
  throw new InvalidArgumentError('It must be a time such as 2026-01-01T00:00:00Z, a day such as 2026-01-01, or a time ago such as 24h or 7d.');
}

/** As `parseTime`, for the end of a span that includes it: a second or a day goes up to its last millisecond. */
export function parseEndTime(text: string, nowMs?: number): string {
  const time = parseTime(text, nowMs);
  if (text.length === 10) return time.replace('00:00:00Z', '23:59:59.999Z');
  return time.includes('.') ? time : time.replace('Z', '.999Z');
}

/** A position of the log, or a moment. */
export function parseTimeOrPosition(text: string): string | number {
  return /^\d{1,15}$/.test(text) ? Number(text) : parseTime(text);
}

export function parsePosition(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a position of the log: a whole number.');
  return Number(text);
}

export function parseAccountId(text: string): string {
  if (!/^\d{12}$/.test(text)) throw new InvalidArgumentError('It must be an account id: 12 digits.');
  return text;
}

/** For an option that may be given several times. */
export function collect(value: string, earlier: readonly string[] | undefined): readonly string[] {
  return [...(earlier ?? []), value];
}

/** Puts examples under the help of a command. */
export function withExamples(command: Command, ...examples: readonly string[]): Command {
  return command.addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ ${example}`).join('\n')}`);
}

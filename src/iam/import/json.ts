import { ValidationError } from '../../../libs/aws/index.ts';

/** Reading documents that came from elsewhere: what is missing or of another type gets a name, never a TypeError. */
export type Json = Readonly<Record<string, unknown>>;

export function record(value: unknown, what: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ValidationError(`${what} must be an object.`);
  return value as Json;
}

export function arrayOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new ValidationError(`${what} must be a list.`);
  return value;
}

export function textOf(from: Json, member: string): string {
  const value = from[member];
  if (typeof value !== 'string') throw new ValidationError(`${member} must be a text${typeof from['Arn'] === 'string' ? ` in ${from['Arn']}` : ''}.`);
  return value;
}

export function optionalText(from: Json, member: string): string | undefined {
  return from[member] === undefined || from[member] === null ? undefined : textOf(from, member);
}

/** A date in any form that AWS's tools print, as `2026-01-01T00:00:00Z`. */
export function dateText(from: Json, member: string): string {
  const value = from[member];
  const date = typeof value === 'number' ? new Date(value * 1000) : new Date(textOf(from, member));
  if (Number.isNaN(date.getTime())) throw new ValidationError(`${member} is not a date: ${String(value).slice(0, 64)}`);
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** A policy document: the CLI prints it as JSON, the API percent-encoded. */
export function documentText(value: unknown, what: string): string {
  if (typeof value === 'string') return value.startsWith('%7B') ? decodeURIComponent(value) : value;
  return JSON.stringify(record(value, what));
}

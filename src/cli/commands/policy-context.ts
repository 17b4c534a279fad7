import { InvalidArgumentError } from 'commander';

export type ContextOption = Readonly<Record<string, readonly string[]>>;

/** `key=value`, added to those before. */
export function parseContext(text: string, earlier: ContextOption = {}): ContextOption {
  const equals = text.indexOf('=');
  if (equals <= 0) throw new InvalidArgumentError('It must be a condition key and its value, such as aws:SourceIp=192.0.2.1.');
  const key = text.slice(0, equals);
  return { ...earlier, [key]: [...(Object.hasOwn(earlier, key) ? (earlier[key] ?? []) : []), text.slice(equals + 1)] };
}

/** The vocabulary of `config.ts`: what a setting is, and the kinds of values that settings have. */

/** A value that must not be shown: it prints as `***` wherever it is logged, put in a text or made JSON. */
export class Secret<T> {
  readonly #value: T;
  constructor(value: T) {
    this.#value = value;
  }
  /** The value itself: for its one use, never to be kept or shown. */
  reveal(): T {
    return this.#value;
  }
  toString(): string {
    return '***';
  }
  toJSON(): string {
    return '***';
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '***';
  }
}

/** What values a setting takes. */
export interface Kind<Value> {
  /** What would be right, to stand after "must be": `a whole number from 1 to 65535`. */
  readonly rightValue: string;
  /** The value of a text from the environment as the file would have it; `undefined` where it is none. */
  readonly fromText: (text: string) => unknown;
  /** The value, if it is one of this kind; `undefined` otherwise. `directory` is what relative paths are relative to. */
  readonly check: (value: unknown, directory: string) => Value | undefined;
  /** Only in the environment, and never shown. */
  readonly secret?: true;
}

/** One setting: `group.key`, so `server.port` is `IAM_LEDGER_SERVER_PORT` and `{"server": {"port": …}}`. */
export interface Setting<Name extends string = string, Value = unknown> {
  readonly name: Name;
  readonly environment: string;
  readonly kind: Kind<Value>;
  /** The default; a function makes it of settings that stand before this one. */
  readonly default: Value | ((earlier: ReadonlyMap<string, unknown>) => Value);
  /** Unit of the value: `seconds`, `bytes`; empty where there is none. */
  readonly unit: string;
  /** A sentence without its full stop. */
  readonly meaning: string;
}

interface SettingDetails<Value> {
  readonly kind: Kind<Value>;
  readonly default: NoInfer<Value> | ((earlier: ReadonlyMap<string, unknown>) => NoInfer<Value>);
  readonly unit?: string;
  readonly meaning: string;
  /** Where it is not made of the name. */
  readonly environment?: string;
}

export function setting<const Name extends string, Value>(name: Name, details: SettingDetails<Value>): Setting<Name, Value> {
  return { unit: '', environment: environmentName(name), ...details, name };
}

/** `server.tlsKeyFile` → `IAM_LEDGER_SERVER_TLS_KEY_FILE` */
function environmentName(name: string): string {
  return `IAM_LEDGER_${name
    .replace('.', '_')
    .replace('KiB', 'Kib')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toUpperCase()}`;
}

type GroupOf<Name> = Name extends `${infer Group}.${string}` ? Group : never;
type KeyOf<Name, Group extends string> = Name extends `${Group}.${infer Key}` ? Key : never;
type NameOf<S> = S extends { readonly name: infer Name extends string } ? Name : never;
type ValueOf<S, Name extends string> = S extends { readonly name: Name; readonly kind: Kind<infer Value> } ? Value : never;

/** The object that a table of settings gives: `{ server: { port: number, … }, … }`, deeply read-only. */
export type SettingsObject<Table extends readonly unknown[]> = {
  readonly [Group in GroupOf<NameOf<Table[number]>>]: {
    readonly [Key in KeyOf<NameOf<Table[number]>, Group>]: ValueOf<Table[number], `${Group}.${Key}`>;
  };
};

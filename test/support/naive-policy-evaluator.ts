/**
 * A second evaluator of IAM policies, for tests: slow, without parser, index or compiled form, written from AWS's rules as directly as
 * they can be said. It reads documents with `JSON.parse` and expects them to be valid.
 */
import { BlockList, isIPv6 } from 'node:net';

export interface NaiveStatement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>;
  readonly NotPrincipal?: Readonly<Record<string, string | readonly string[]>>;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface NaiveDocument {
  readonly Version?: string;
  readonly Statement: readonly NaiveStatement[];
}

export interface NaivePrincipal {
  readonly type: string;
  readonly arn: string;
  readonly accountId: string;
  readonly partition: string;
  readonly roleArn?: string | undefined;
}

export interface NaiveRequest {
  readonly principal: NaivePrincipal;
  readonly action: string;
  readonly resource: string;
  readonly resourceAccountId: string;
  readonly context: Readonly<Record<string, readonly string[]>>;
}

export interface NaivePolicies {
  readonly identity: readonly NaiveDocument[];
  readonly boundary?: NaiveDocument | undefined;
  readonly session?: readonly NaiveDocument[] | undefined;
  readonly resource?: NaiveDocument | undefined;
  readonly serviceControl?: readonly (readonly NaiveDocument[])[] | undefined;
  readonly resourceControl?: readonly (readonly NaiveDocument[])[] | undefined;
  readonly endpoint?: readonly NaiveDocument[] | undefined;
}

const list = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

/** `*` any run, `?` any one character, by trying everything (with a memory, so that tests end). */
export function naiveWildcard(pattern: readonly string[], text: readonly string[], memory = new Map<number, boolean>(), p = 0, t = 0): boolean {
  const place = p * (text.length + 1) + t;
  const known = memory.get(place);
  if (known !== undefined) return known;
  let matches: boolean;
  if (p === pattern.length) matches = t === text.length;
  else if (pattern[p] === '*')
    matches = naiveWildcard(pattern, text, memory, p + 1, t) || (t < text.length && naiveWildcard(pattern, text, memory, p, t + 1));
  else
    matches =
      t < text.length &&
      (pattern[p] === '?' || pattern[p] === text[t] || pattern[p] === LITERAL + text[t]) &&
      naiveWildcard(pattern, text, memory, p + 1, t + 1);
  memory.set(place, matches);
  return matches;
}

/** Marks a character that is no wildcard: substituted text, and `${*}`. */
const LITERAL = '\\';

/** The characters of a string after substitution, wildcards bare and every other character marked; undefined when a variable has no value. */
function substitute(text: string, document: NaiveDocument, request: NaiveRequest): string[] | undefined {
  const characters: string[] = [];
  let rest = text;
  while (rest !== '') {
    const variable = document.Version === '2012-10-17' && rest.startsWith('${') ? rest.slice(2, rest.indexOf('}')) : undefined;
    if (variable === undefined) {
      const character = String.fromCodePoint(rest.codePointAt(0) as number);
      characters.push(character === '*' || character === '?' ? character : LITERAL + character);
      rest = rest.slice(character.length);
      continue;
    }
    const [key = '', fallback] = variable.split(', ');
    const values = '*?$'.includes(variable) ? [variable] : valuesOf(key, request);
    const value = values === undefined ? fallback?.slice(1, -1) : values.length === 1 ? values[0] : undefined;
    if (value === undefined) return undefined;
    characters.push(...[...value].map((character) => LITERAL + character));
    rest = rest.slice(variable.length + 3);
  }
  return characters;
}

function valuesOf(key: string, request: NaiveRequest): readonly string[] | undefined {
  const entry = Object.entries(request.context).find(([name]) => name.toLowerCase() === key.toLowerCase());
  return entry === undefined || entry[1].length === 0 ? undefined : entry[1];
}

const plainText = (characters: readonly string[]): string =>
  characters.map((character) => (character.startsWith(LITERAL) ? character.slice(1) : character)).join('');

function arnParts(characters: readonly string[]): string[][] | undefined {
  const parts: string[][] = [[]];
  for (const character of characters) {
    if (plainText([character]) === ':' && parts.length < 6) parts.push([]);
    else parts.at(-1)?.push(character);
  }
  return parts.length === 6 ? parts : undefined;
}

/** Part by part; undefined when the pattern has a variable without a value. */
function arnMatches(pattern: string, arn: string, document: NaiveDocument, request: NaiveRequest): boolean | undefined {
  const characters = substitute(pattern, document, request);
  if (characters === undefined) return undefined;
  if (pattern === '*') return true;
  const wanted = arnParts(characters);
  const actual = arnParts([...arn]);
  if (wanted === undefined || actual === undefined) return plainText(characters) === arn && !characters.includes('*') && !characters.includes('?');
  return wanted.every((part, index) => naiveWildcard(part, actual[index] as string[]));
}

function actionMatches(statement: NaiveStatement, action: string): boolean {
  const named = (patterns: string | readonly string[] | undefined): boolean =>
    list(patterns).some((pattern) => naiveWildcard([...pattern.toLowerCase()], [...action.toLowerCase()]));
  return statement.NotAction === undefined ? named(statement.Action) : !named(statement.NotAction);
}

function resourceMatches(statement: NaiveStatement, document: NaiveDocument, request: NaiveRequest): boolean {
  const results = (patterns: string | readonly string[] | undefined) =>
    list(patterns).map((pattern) => arnMatches(pattern, request.resource, document, request));
  if (statement.NotResource !== undefined) {
    const spared = results(statement.NotResource);
    return !spared.includes(true) && !(statement.Effect === 'Allow' && spared.includes(undefined));
  }
  return statement.Resource === undefined || results(statement.Resource).includes(true);
}

/** One value of the request against one of the policy; undefined: nobody can say. */
function valueMatches(operator: string, wanted: string, actual: string, document: NaiveDocument, request: NaiveRequest): boolean | undefined {
  const family = operator.replace('Not', '');
  if (family === 'IpAddress') return inRange(wanted, actual);
  if (family.startsWith('Numeric')) return ordered(family.slice(7), Number(actual), Number(wanted));
  if (family.startsWith('Date')) return ordered(family.slice(4), seconds(actual), seconds(wanted));
  if (family === 'Bool') return wanted === actual.toLowerCase();
  if (family.startsWith('Arn')) return arnMatches(wanted, actual, document, request);
  const characters = substitute(wanted, document, request);
  if (characters === undefined) return undefined;
  if (family === 'StringLike') return naiveWildcard(characters, [...actual]);
  return family === 'StringEqualsIgnoreCase' ? plainText(characters).toLowerCase() === actual.toLowerCase() : plainText(characters) === actual;
}

function seconds(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Date.parse(text) / 1000;
}

function ordered(comparison: string, actual: number, wanted: number): boolean | undefined {
  if (Number.isNaN(actual)) return undefined;
  if (comparison === 'Equals') return actual === wanted;
  if (comparison.startsWith('LessThan')) return actual < wanted || (comparison.endsWith('Equals') && actual === wanted);
  return actual > wanted || (comparison.endsWith('Equals') && actual === wanted);
}

function inRange(range: string, address: string): boolean | undefined {
  const [network = '', bits] = range.split('/');
  const blocks = new BlockList();
  const family = isIPv6(network) ? 'ipv6' : 'ipv4';
  blocks.addSubnet(network, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
  const unmapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1] ?? address;
  if (!/^[0-9a-f.:]+$/i.test(unmapped)) return undefined;
  return blocks.check(unmapped, isIPv6(unmapped) ? 'ipv6' : 'ipv4');
}

function conditionHolds(
  name: string,
  key: string,
  wanted: readonly string[],
  statement: NaiveStatement,
  document: NaiveDocument,
  request: NaiveRequest,
): boolean {
  const quantifier = name.includes(':') ? name.slice(0, name.indexOf(':')) : undefined;
  const operator = name.slice(name.indexOf(':') + 1).replace('IfExists', '');
  const actual = valuesOf(key, request);
  if (operator === 'Null') return wanted.includes(String(actual === undefined));
  const negated = operator.includes('Not');
  if (actual === undefined) return quantifier === 'ForAllValues' || name.endsWith('IfExists') || (negated && quantifier === undefined);
  const passes = (value: string): boolean => {
    const results = wanted.map((text) => valueMatches(operator, text, value, document, request));
    if (results.includes(true)) return !negated;
    return negated && (statement.Effect === 'Deny' || !results.includes(undefined));
  };
  if (quantifier === 'ForAllValues') return actual.every(passes);
  if (quantifier === 'ForAnyValue') return actual.some(passes);
  return actual.length === 1 || statement.Effect === 'Deny' ? actual.some(passes) : false;
}

function conditionsHold(statement: NaiveStatement, document: NaiveDocument, request: NaiveRequest): boolean {
  return Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => conditionHolds(operator, key, list(wanted), statement, document, request)),
  );
}

/** How a principal element names someone: not, by his account, as a role or as anyone, by himself. */
function namedHow(element: NaiveStatement['Principal'], principal: NaivePrincipal): 0 | 1 | 2 | 3 {
  const names = element === '*' ? ['*'] : list(element?.['AWS']);
  if (principal.type === 'AWSService' && element !== '*' && list(element?.['Service']).includes(principal.arn)) return 3;
  if (names.includes(principal.arn)) return 3;
  if (principal.roleArn !== undefined && names.includes(principal.roleArn)) return 2;
  if (names.includes('*')) return 2;
  if (principal.accountId === '') return 0;
  return names.includes(principal.accountId) || names.includes(`arn:${principal.partition}:iam::${principal.accountId}:root`) ? 1 : 0;
}

function isDenied(statement: NaiveStatement, principal: NaivePrincipal, hasBoundary: boolean): boolean {
  if (statement.NotPrincipal === undefined) return statement.Principal === undefined || namedHow(statement.Principal, principal) > 0;
  const named = namedHow(statement.NotPrincipal, principal);
  return hasBoundary || named === 0 || (named === 1 && principal.type !== 'Root');
}

type Said = 0 | 1 | 2 | 3 | 'deny';

function say(document: NaiveDocument, request: NaiveRequest, hasBoundary: boolean): Said {
  let said: 0 | 1 | 2 | 3 = 0;
  for (const statement of document.Statement) {
    const applies =
      actionMatches(statement, request.action) && resourceMatches(statement, document, request) && conditionsHold(statement, document, request);
    if (!applies) continue;
    if (statement.Effect === 'Deny') {
      if (isDenied(statement, request.principal, hasBoundary)) return 'deny';
      continue;
    }
    const named = statement.Principal === undefined ? 3 : namedHow(statement.Principal, request.principal);
    if (named > said) said = named;
  }
  return said;
}

/** The verdict of all policies together, as AWS's flow charts draw it. */
export function naiveDecision(request: NaiveRequest, policies: NaivePolicies): 'Allowed' | 'ImplicitlyDenied' | 'ExplicitlyDenied' {
  const { principal } = request;
  const bounded = policies.boundary !== undefined;
  const ask = (documents: readonly NaiveDocument[]): Said[] => documents.map((document) => say(document, request, bounded));
  const guarded = principal.roleArn?.includes('aws-service-role') !== true;
  const levels = guarded ? [...(policies.serviceControl ?? []), ...(policies.resourceControl ?? [])].map(ask) : [];
  const identity = ask(policies.identity);
  const boundary = ask(list(policies.boundary));
  const session = ask(policies.session ?? []);
  const endpoint = ask(policies.endpoint ?? []);
  const [granted = 0] = ask(list(policies.resource));
  if ([...levels.flat(), ...identity, ...boundary, ...session, ...endpoint, granted].includes('deny')) return 'ExplicitlyDenied';
  const allows = (said: readonly Said[]): boolean => said.some((word) => word !== 0);
  const inBoundary = !bounded || allows(boundary);
  const inSession = policies.session === undefined || allows(session);
  const guardrails = levels.every(allows) && (policies.endpoint === undefined || allows(endpoint));
  const own = (principal.type === 'Root' || allows(identity)) && inBoundary && inSession;
  const byResource = (): boolean => {
    if (granted === 3 && (principal.type === 'AssumedRole' || (principal.type === 'IAMUser' && inSession))) return true;
    return (granted as number) >= 2 && inBoundary && inSession;
  };
  const verdict = (): boolean => {
    if (!guardrails) return false;
    const assumesRole = request.action.toLowerCase() === 'sts:assumerole';
    if (assumesRole && principal.type === 'Root') return false;
    if (principal.type === 'AWSService' || principal.type === 'Anonymous') return granted !== 0;
    if (principal.accountId !== request.resourceAccountId) return own && granted !== 0;
    if (assumesRole) return byResource() || (granted !== 0 && own);
    return byResource() || own;
  };
  return verdict() ? 'Allowed' : 'ImplicitlyDenied';
}

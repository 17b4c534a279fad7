import { Arn } from '../arn.ts';
import { conditionsHold, matchesResource, type CompiledStatement } from '../compiled-statement.ts';
import { blockingLayer, isServiceLinked, type AttachedPolicy, type PoliciesInForce, type Words } from '../layers.ts';
import { RequestContext, type AccessRequest, type Principal } from '../request.ts';
import { SAYS_DENY, namingOf, type Word } from '../statement-list.ts';
import { startQuestion } from '../work-meter.ts';
import { awsCatalogue, type ActionCatalogue } from './action-catalogue.ts';

/** What is asked about every action. */
export interface WhatCanQuestion {
  readonly principal: Principal;
  /** Left out: on some resource or other. An action then counts as soon as no deny about all resources stands against it. */
  readonly resource?: string | undefined;
  readonly resourceAccountId: string;
  readonly context?: RequestContext | undefined;
}

/** The actions of the catalogue that are allowed, each as `s3:GetObject`, in the catalogue's order. */
export function whatCan(
  policies: PoliciesInForce,
  { principal, resource, resourceAccountId, context = new RequestContext() }: WhatCanQuestion,
  catalogue: ActionCatalogue = awsCatalogue,
): string[] {
  const sets = actionSets(catalogue);
  const { names, spread } = sets;
  const hasBoundary = policies.boundary !== undefined;
  const arn = resource === undefined ? undefined : new Arn(resource);
  const tally = (attached: readonly AttachedPolicy[]): Uint8Array => {
    const words = new Uint8Array(names.length);
    for (const { policy } of attached) {
      for (const statement of policy.statements) {
        if (!concerns(statement, arn, context) || !conditionsHold(statement, context)) continue;
        const named = namingOf(statement, principal, hasBoundary);
        const word = statement.allows ? named : named === 0 ? 0 : SAYS_DENY;
        if (word === 0) continue;
        for (const [start, end] of spread(statement)) raise(words, word, start, end);
      }
    }
    return words;
  };
  const guarded = !isServiceLinked(principal);
  const layers: Layers = {
    identity: tally(policies.identity),
    boundary: policies.boundary && tally([policies.boundary]),
    session: policies.session && tally(policies.session),
    resource: policies.resource && tally([policies.resource]),
    serviceControl: guarded ? leastOf(policies.serviceControl?.map(tally)) : undefined,
    resourceControl: guarded ? leastOf(policies.resourceControl?.map(tally)) : undefined,
    endpoint: policies.endpoint && tally(policies.endpoint),
  };
  return allowedNames(sets, layers, { principal, resource: resource ?? '*', resourceAccountId, context });
}

type Layers = { readonly [Name in keyof Words]: Uint8Array | undefined };

/** One more than the greatest word. */
const WORDS = 5;

/** Most actions have the same few combinations of words, and what becomes of one is worked out once; those of services with rules of their own one by one. */
function allowedNames({ names, isSpecial }: ActionSets, layers: Layers, asked: Omit<AccessRequest, 'action'>): string[] {
  const present = (Object.keys(layers) as (keyof Words)[]).filter((layer) => layers[layer] !== undefined);
  const combinations = new Uint32Array(names.length);
  for (const layer of present) {
    const words = layers[layer] as Uint8Array; // present
    for (let index = 0; index < words.length; index += 1) combinations[index] = (combinations[index] as number) * WORDS + (words[index] as number);
  }
  const isAllowed = (combination: number, action: string): boolean => {
    const words: Words = {
      identity: 0,
      boundary: undefined,
      session: undefined,
      resource: undefined,
      serviceControl: undefined,
      resourceControl: undefined,
      endpoint: undefined,
    };
    let rest = combination;
    for (const layer of present.toReversed()) {
      const word = (rest % WORDS) as Word;
      if (word === SAYS_DENY) return false;
      words[layer] = word;
      rest = Math.floor(rest / WORDS);
    }
    return blockingLayer(words, { ...asked, action }) === undefined;
  };
  const verdicts: (boolean | undefined)[] = [];
  const allowed: string[] = [];
  for (let index = 0; index < names.length; index += 1) {
    const combination = combinations[index] as number; // index < length
    const name = names[index] as string;
    const verdict = isSpecial[index] === 1 ? isAllowed(combination, name) : (verdicts[combination] ??= isAllowed(combination, name));
    if (verdict) allowed.push(name);
  }
  return allowed;
}

/** Without a resource: an allow is about some resource, a deny only counts where it is about all. */
function concerns(statement: CompiledStatement, arn: Arn | undefined, context: RequestContext): boolean {
  if (arn !== undefined) return matchesResource(statement, arn, context);
  const { resources, resourcesNegated, source } = statement;
  return statement.allows || resources === undefined || (!resourcesNegated && source.resources?.values.some(({ value }) => value === '*') === true);
}

function raise(words: Uint8Array, word: number, start: number, end: number): void {
  for (let index = start; index < end; index += 1) if ((words[index] as number) < word) words[index] = word;
}

/** A deny of any level, else the least that a level says. */
function leastOf(levels: readonly Uint8Array[] | undefined): Uint8Array | undefined {
  if (levels === undefined || levels.length === 0) return undefined;
  return (levels[0] as Uint8Array).map((_, index) => {
    const said = levels.map((level) => level[index] as number);
    return said.includes(SAYS_DENY) ? SAYS_DENY : Math.min(...said);
  });
}

type Stretch = readonly [start: number, end: number];

interface ActionSets {
  readonly names: readonly string[];
  /** 1 where rules of a service decide, too: those of STS and KMS. */
  readonly isSpecial: Uint8Array;
  /** Where the actions of a statement stand in `names`. */
  readonly spread: (statement: CompiledStatement) => readonly Stretch[];
}

const known = new WeakMap<ActionCatalogue, ActionSets>();

/** All actions in a row, and for each statement where its own are; worked out once for each statement and catalogue. */
function actionSets(catalogue: ActionCatalogue): ActionSets {
  const earlier = known.get(catalogue);
  if (earlier !== undefined) return earlier;
  const names = catalogue.prefixes().flatMap(catalogue.actionsOf);
  const lower = names.map((name) => name.toLowerCase());
  const spreads = new WeakMap<CompiledStatement, readonly Stretch[]>();
  const spread = (statement: CompiledStatement): readonly Stretch[] => {
    const before = spreads.get(statement);
    if (before !== undefined) return before;
    const stretches: [number, number][] = [];
    for (const [index, name] of lower.entries()) {
      startQuestion();
      if (!statement.actions.matches(name)) continue;
      const last = stretches.at(-1);
      if (last?.[1] === index) last[1] = index + 1;
      else stretches.push([index, index + 1]);
    }
    spreads.set(statement, stretches);
    return stretches;
  };
  const made = { names, spread, isSpecial: Uint8Array.from(lower, (name) => (/^(sts|kms):/.test(name) ? 1 : 0)) };
  known.set(catalogue, made);
  return made;
}

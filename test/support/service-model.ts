import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Shape, StringShape } from '../../src/iam/shape-validation.ts';

/** A member of an input as AWS's service model has it. */
export interface ModelShape {
  readonly shape: string;
  readonly type: string;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly sensitive?: boolean;
  readonly required?: boolean;
  readonly member?: ModelShape;
  readonly members?: Readonly<Record<string, ModelShape>>;
}

export interface ModelOperation {
  readonly input: Readonly<Record<string, ModelShape>>;
  readonly errors: readonly { readonly code: string }[];
  readonly paginated: boolean;
}

/** Where the material lies that is read and never copied; absent on most machines. */
const shared = resolve(process.env['IAM_LEDGER_SHARED'] ?? fileURLToPath(new URL('../../../shared', import.meta.url)));

/** The operations of a service's model (`aws/iam.json`, `aws/sts.json`); `undefined` where the material is not here. */
export function serviceModel(service: string): Readonly<Record<string, ModelOperation>> | undefined {
  const file = `${shared}/aws/${service}.json`;
  if (!existsSync(file)) return undefined;
  return (JSON.parse(readFileSync(file, 'utf8')) as { operations: Record<string, ModelOperation> }).operations;
}

/** In what a shape of ours differs from the model's; empty where in nothing. */
export function differences(location: string, ours: Shape | undefined, model: ModelShape | undefined): string[] {
  if (ours === undefined || model === undefined) return [`${location}: ${ours === undefined ? 'is in the model alone' : 'is not in the model'}`];
  const found: string[] = [];
  const compare = (what: string, own: unknown, theirs: unknown): void => {
    if (JSON.stringify(own) !== JSON.stringify(theirs))
      found.push(`${location}: ${what} is ${JSON.stringify(own)}, in the model ${JSON.stringify(theirs)}`);
  };
  const limits = ours as Partial<StringShape>;
  compare('the shape', ours.name, model.shape);
  compare('the type', ours.kind, model.type);
  compare('min', limits.min, model.min);
  compare('max', limits.max, model.max);
  compare('the pattern', limits.pattern, model.pattern);
  compare('enum', limits.enum, model.enum);
  if (model.sensitive === true && limits.sensitive !== true) found.push(`${location}: is sensitive in the model`); // ours may be more discreet
  if (ours.kind === 'list') found.push(...differences(`${location}[]`, ours.member, model.member));
  if (ours.kind !== 'structure') return found;
  for (const name of new Set([...Object.keys(ours.members), ...Object.keys(model.members ?? {})])) {
    const [own, theirs] = [ours.members[name], model.members?.[name]];
    found.push(...differences(`${location}.${name}`, own?.shape, theirs));
    if (own !== undefined && theirs !== undefined && own.required !== (theirs.required ?? false))
      found.push(`${location}.${name}: required is ${own.required}`);
  }
  return found;
}

import { getMetadataStorage, validateSync } from 'class-validator';
import { ValidationError } from '../../libs/aws/index.ts';
import { shapesOf } from './shape-registry.ts';

/** A shape of AWS's service model: what a member must look like. Lengths in UTF-16 units as AWS's own validators count them. */
export type Shape = StringShape | IntegerShape | ListShape | StructureShape | { readonly kind: 'boolean' | 'timestamp'; readonly name: string };

export interface StringShape {
  readonly kind: 'string';
  readonly name: string;
  readonly min?: number;
  readonly max?: number;
  /** As the model writes it, for the message. */
  readonly pattern?: string;
  /** `pattern`, anchored at both ends: ASCII `\w`, no flags `i` or `m`. */
  readonly expression?: RegExp;
  readonly enum?: readonly string[];
  /** Its value is not repeated in messages. */
  readonly sensitive?: boolean;
}

export interface IntegerShape {
  readonly kind: 'integer';
  readonly name: string;
  readonly min?: number;
  readonly max?: number;
}

export interface ListShape {
  readonly kind: 'list';
  readonly name: string;
  readonly min?: number;
  readonly max?: number;
  readonly member: Shape;
}

export interface StructureShape {
  readonly kind: 'structure';
  readonly name: string;
  readonly members: Readonly<Record<string, { readonly shape: Shape; readonly required: boolean }>>;
}

/** Characters of a value that an error message repeats at most. */
const shownCharactersMax = 128;

/** What is wrong with `value` at `location`, in AWS's words; empty where nothing is. */
export function violations(shape: Shape, location: string, value: unknown): string[] {
  const broken = (constraint: string, shown: unknown = value): string => {
    const sensitive = shape.kind === 'string' && shape.sensitive === true;
    const text = sensitive ? 'Value' : `Value '${String(shown).slice(0, shownCharactersMax)}'`;
    return `${text} at '${location}' failed to satisfy constraint: Member must ${constraint}`;
  };
  switch (shape.kind) {
    case 'string': {
      if (typeof value !== 'string') return [broken('be a string')];
      const found: string[] = [];
      if (shape.min !== undefined && value.length < shape.min) found.push(broken(`have length greater than or equal to ${shape.min}`));
      if (shape.max !== undefined && value.length > shape.max) return [...found, broken(`have length less than or equal to ${shape.max}`)];
      if (shape.expression !== undefined && !shape.expression.test(value)) found.push(broken(`satisfy regular expression pattern: ${shape.pattern}`));
      if (shape.enum !== undefined && !shape.enum.includes(value)) found.push(broken(`satisfy enum value set: [${shape.enum.join(', ')}]`));
      return found;
    }
    case 'integer':
      if (!Number.isSafeInteger(value)) return [broken('be an integer')];
      if (shape.min !== undefined && (value as number) < shape.min) return [broken(`have value greater than or equal to ${shape.min}`)];
      if (shape.max !== undefined && (value as number) > shape.max) return [broken(`have value less than or equal to ${shape.max}`)];
      return [];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [broken('be a boolean')];
    case 'timestamp':
      return value instanceof Date && !Number.isNaN(value.getTime()) ? [] : [broken('be a timestamp')];
    case 'list': {
      if (!Array.isArray(value)) return [broken('be a list')];
      if (shape.min !== undefined && value.length < shape.min) return [broken(`have length greater than or equal to ${shape.min}`, '[]')];
      if (shape.max !== undefined && value.length > shape.max)
        return [broken(`have length less than or equal to ${shape.max}`, `[${value.length} members]`)];
      return value.flatMap((member, index) => violations(shape.member, `${location}.${index + 1}.member`, member));
    }
    case 'structure':
      if (typeof value !== 'object' || value === null) return [broken('be a structure')];
      return Object.entries(shape.members).flatMap(([name, member]) => {
        const inner = (value as Record<string, unknown>)[name];
        const at = `${location}.${lowerCamelCase(name)}`;
        if (inner === undefined) return member.required ? [missing(at)] : [];
        return violations(member.shape, at, inner);
      });
  }
}

const missing = (location: string): string => `Value null at '${location}' failed to satisfy constraint: Member must not be null`;

/** `UserName` → `userName`, as AWS's messages and CloudTrail write members. */
export const lowerCamelCase = (name: string): string =>
  /^[A-Z]{2}/.test(name) ? name.replace(/^[A-Z]+(?=[A-Z]|$)/, (head) => head.toLowerCase()) : name.charAt(0).toLowerCase() + name.slice(1);

/**
 * Checks an input by its class-validator constraints.
 *
 * @throws ValidationError with AWS's text: `1 validation error detected: Value 'a b' at 'userName' failed to satisfy constraint: …`
 */
export function validate(command: object): void {
  if (checkOf(command.constructor)?.(command) === true) return;
  const errors = validateSync(command, { skipUndefinedProperties: false, stopAtFirstError: true, forbidUnknownValues: false });
  if (errors.length === 0) return;
  const shapes = shapesOf(command.constructor);
  const found = errors.flatMap((error) => {
    const shape = shapes.get(error.property);
    const location = lowerCamelCase(error.property);
    if (error.value === undefined || error.value === null) return [missing(location)];
    return shape === undefined ? Object.values(error.constraints ?? { other: `${location} is not valid` }) : violations(shape, location, error.value);
  });
  throw new ValidationError(`${found.length} validation error${found.length === 1 ? '' : 's'} detected: ${found.join('; ')}`);
}

type Check = (command: object) => boolean;
const checks = new Map<unknown, Check | undefined>();

/**
 * What class-validator would find of a class whose only constraints are shapes, compiled once: looking its metadata up anew for every call costs
 * more than deciding most calls. It only lets pass; what it does not, and classes with other constraints, are for class-validator to judge.
 */
function checkOf(commandClass: unknown): Check | undefined {
  if (!checks.has(commandClass)) checks.set(commandClass, compile(commandClass as new () => object));
  return checks.get(commandClass);
}

interface MemberCheck {
  readonly member: string;
  readonly shape: Shape;
  /** `@IsOptional()`: whether there is something to check. */
  readonly conditions: readonly ((command: object, value: unknown) => boolean)[];
}

function compile(commandClass: new () => object): Check | undefined {
  const shapes = shapesOf(commandClass);
  const metadata = getMetadataStorage().getTargetValidationMetadatas(commandClass, '', true, false);
  const isCondition = ({ type }: { readonly type: string }): boolean => type === 'conditionalValidation';
  const members: MemberCheck[] = [];
  for (const each of metadata) {
    const member = each.propertyName;
    const shape = shapes.get(member);
    if (isCondition(each)) continue;
    if (shape === undefined || each.constraints?.[0] !== shape || each.each) return undefined;
    members.push({
      member,
      shape,
      conditions: metadata.filter((other) => other.propertyName === member && isCondition(other)).map(({ constraints }) => constraints[0]),
    });
  }
  return (command) =>
    members.every(({ member, shape, conditions }) => {
      const value = (command as Readonly<Record<string, unknown>>)[member];
      return conditions.some((applies) => !applies(command, value)) || (value !== undefined && violations(shape, '', value).length === 0);
    });
}

/** Whether a member may be left out: it is `@IsOptional()` or has a default. */
export function isOptionalMember(commandClass: new () => object, member: string): boolean {
  if ((new commandClass() as Record<string, unknown>)[member] !== undefined) return true;
  return getMetadataStorage()
    .getTargetValidationMetadatas(commandClass, '', true, false)
    .some((metadata) => metadata.propertyName === member && metadata.type === 'conditionalValidation');
}

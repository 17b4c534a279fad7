import { AwsError, ValidationError } from '../../../libs/aws/index.ts';
import { evolve, type Account } from '../../iam/account.ts';
import type { Call } from '../../iam/call.ts';
import type { AwsCommand, Operation } from '../../iam/operation.ts';
import { validate } from '../../iam/shape-validation.ts';

/** A command that is to be tried. */
export interface TriedCommand {
  /** `DetachUserPolicy` */
  readonly operation: Operation;
  readonly command: AwsCommand<unknown>;
}

/** What one command comes to on the branch. */
export interface TriedOutcome {
  readonly operation: string;
  /** Types of the events that it would leave behind. */
  readonly eventTypes: readonly string[];
}

/**
 * Reads a command as clients write it: `{"Operation": "DetachUserPolicy", "Input": {"UserName": "alice", …}}`.
 *
 * @throws ValidationError that names its place: `Commands[2].Operation …`
 */
export function readCommand(value: unknown, index: number, operationOf: (name: string) => Operation | undefined): TriedCommand {
  const at = `Commands[${index}]`;
  if (!isObject(value)) throw new ValidationError(`${at} must be an object.`);
  const { Operation: name, Input = {}, ...others } = value;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new ValidationError(`${at} has no member '${unknown.slice(0, 64)}'; it has Operation, Input.`);
  if (typeof name !== 'string') throw new ValidationError(`${at}.Operation must be the name of an operation of IAM.`);
  const operation = operationOf(name);
  if (operation?.declaration.decide === undefined)
    throw new ValidationError(`${at}.Operation: '${name.slice(0, 64)}' is no operation that changes an account.`);
  if (operation.declaration.prepare !== undefined)
    throw new ValidationError(`${at}.Operation: ${name} takes a password or a proof, which is not to be tried.`);
  if (!isObject(Input)) throw new ValidationError(`${at}.Input must be an object.`);
  return { operation, command: commandOf(operation, Input, at) };
}

function commandOf(operation: Operation, input: Readonly<Record<string, unknown>>, at: string): AwsCommand<unknown> {
  const command = new operation.command();
  for (const [member, value] of Object.entries(input)) {
    if (!Object.hasOwn(command, member)) throw new ValidationError(`${at}.Input: ${operation.name} has no member '${member.slice(0, 64)}'.`);
    Object.assign(command, { [member]: value });
  }
  try {
    validate(command);
  } catch (error) {
    throw error instanceof AwsError ? new ValidationError(`${at}.Input: ${error.message}`) : error;
  }
  return command;
}

/**
 * The account as it would be after the commands, one after the other. Nothing is written: the state is a value, and this is another one.
 *
 * @throws ValidationError where one of them would be refused, with what it would be refused with
 */
export function branchOf(
  account: Account,
  commands: readonly TriedCommand[],
  call: Call,
): { readonly branch: Account; readonly outcomes: TriedOutcome[] } {
  let branch = account;
  const outcomes: TriedOutcome[] = [];
  commands.forEach(({ operation, command }, index) => {
    const facts = decided(operation, command, branch, call, index);
    for (const { type, data } of facts) {
      const place = { revision: branch.revision + 1, position: branch.position + 1 };
      branch = evolve(branch, { id: `branch-${place.revision}`, type, data, time: call.now.toISOString(), ...place });
    }
    outcomes.push({ operation: operation.name, eventTypes: facts.map(({ type }) => type) });
  });
  return { branch, outcomes };
}

function decided({ declaration, name }: Operation, command: AwsCommand<unknown>, branch: Account, call: Call, index: number) {
  try {
    return declaration.decide!(command, branch, call, undefined); // readCommand: it decides
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new ValidationError(`Commands[${index}]: ${name} would be refused: ${error.code}: ${error.message}`);
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as wire from '../index.ts';
import { AwsError, InternalFailure, InvalidClientTokenId, NoSuchEntity, type DeclaredError } from '../index.ts';

const models = join(process.env['IAM_LEDGER_SHARED'] ?? '../shared', 'aws');
const whenPresent = existsSync(models) ? describe : describe.skip;
const reason = existsSync(models) ? '' : ` (skipped: no ${models})`;

const declared = Object.entries(wire).filter(
  (entry): entry is [string, DeclaredError<[string]>] => typeof entry[1] === 'function' && 'httpStatus' in entry[1],
);
/** Codes that the JSON codec turns into another: `Throttling` goes out as `ThrottlingException`. */
const namedInJson = ['ThrottlingException', 'InvalidParameterCombinationException'];

interface Model {
  readonly operations: Readonly<Record<string, { readonly errors: readonly { readonly code: string; readonly httpStatus: number }[] }>>;
}

whenPresent(`the declared errors${reason}`, () => {
  for (const service of ['iam', 'sts', 'cloudtrail']) {
    it(`hold every error that an operation of ${service} may answer, with AWS's status`, () => {
      const { operations } = JSON.parse(readFileSync(join(models, `${service}.json`), 'utf8')) as Model;
      const statuses = new Map(declared.map(([, { code, httpStatus }]) => [code, httpStatus]));
      const errors = Object.values(operations)
        .flatMap(({ errors: of }) => of)
        .filter(({ code }) => !namedInJson.includes(code));
      expect(errors.length).toBeGreaterThan(20);
      expect(errors.filter(({ code, httpStatus }) => statuses.get(code) !== httpStatus)).toEqual([]);
    });
  }
});

describe('a declared error', () => {
  it('is an AwsError and an Error, under the name that AWS gives it', () => {
    const error = new NoSuchEntity('The user with name bob cannot be found.');
    expect(error).toBeInstanceOf(AwsError);
    expect(error).toBeInstanceOf(NoSuchEntity);
    expect(error).toMatchObject({
      name: 'NoSuchEntity',
      code: 'NoSuchEntity',
      httpStatus: 404,
      fault: 'Sender',
      message: 'The user with name bob cannot be found.',
    });
    expect(String(error)).toBe('NoSuchEntity: The user with name bob cannot be found.');
  });

  it('has AWS’s own message where that is always the same', () => {
    expect(new InvalidClientTokenId().message).toBe('The security token included in the request is invalid.');
    expect(new InvalidClientTokenId('other').message).toBe('other');
  });

  it('is the receiver’s fault from status 500 on', () => {
    expect(new InternalFailure().fault).toBe('Receiver');
  });

  it('has its class named by its code, without the suffix', () => {
    const other = declared
      .filter(([name, { code }]) => name !== code.replace(/Exception$/, '') && name !== code)
      .map(([name, { code }]) => `${name}: ${code}`);
    expect(other.sort()).toEqual([
      'ExpiredIdentityToken: ExpiredTokenException',
      'MethodNotAllowed: InvalidAction',
      'UnsupportedMediaType: ValidationError',
    ]);
  });
});

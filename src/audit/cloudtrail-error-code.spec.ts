import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { cloudTrailErrorCode, errorCodeSpellings } from './cloudtrail-error-code.ts';

describe('CloudTrail’s errorCode', () => {
  it.each([
    ['NoSuchEntity', 'NoSuchEntityException'],
    ['ReportInProgress', 'CredentialReportNotReadyException'],
    ['AccessDenied', 'AccessDenied'],
    ['InvalidLookupAttributesException', 'InvalidLookupAttributesException'],
  ])('of %s is %s', (code, recorded) => {
    expect(cloudTrailErrorCode(code)).toBe(recorded);
  });

  it.each([
    ['NoSuchEntity', ['NoSuchEntity', 'NoSuchEntityException']],
    ['NoSuchEntityException', ['NoSuchEntityException', 'NoSuchEntity']],
    ['CredentialReportNotReadyException', ['CredentialReportNotReadyException', 'ReportInProgress']],
    ['AccessDenied', ['AccessDenied']],
  ])('is searched for in every spelling: %s', (code, spellings) => {
    expect(errorCodeSpellings(code)).toEqual(spellings);
  });
});

const models = join(process.env['IAM_LEDGER_SHARED'] ?? '../shared', 'aws');
const isPresent = existsSync(models);

(isPresent ? describe : describe.skip)(`CloudTrail’s errorCode and AWS’s models${isPresent ? '' : ` (skipped: ${models} is absent)`}`, () => {
  it.each(['iam', 'sts'])('is the shape’s name for every error that %s declares', (service) => {
    const { operations } = JSON.parse(readFileSync(join(models, `${service}.json`), 'utf8')) as {
      operations: Record<string, { errors: { code: string; shape: string }[] }>;
    };
    const declared = new Map(Object.values(operations).flatMap(({ errors }) => errors.map(({ code, shape }) => [code, shape] as const)));
    expect(declared.size).toBeGreaterThan(5);
    for (const [code, shape] of declared) expect(`${code} is ${cloudTrailErrorCode(code)}`).toBe(`${code} is ${shape}`);
  });
});

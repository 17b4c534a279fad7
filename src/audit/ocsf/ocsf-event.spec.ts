import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { OcsfSchemas, ocsfIsHere } from '../../../test/support/ocsf-schema.ts';
import type { AuditEntry } from '../search.ts';
import { ocsfEvent } from './ocsf-event.ts';
import { ocsfActivities, ocsfRows, rowOf, type OcsfClass, type OcsfRow } from './ocsf-rows.ts';

const identity = {
  type: 'AssumedRole',
  principalId: 'AROADEPLOY:run',
  arn: 'arn:aws:sts::123456789012:assumed-role/Deploy/run',
  accountId: '123456789012',
  accessKeyId: 'ASIAEXAMPLE',
  sessionContext: {
    attributes: { creationDate: '2026-01-01T00:00:00Z', mfaAuthenticated: 'true' },
    sessionIssuer: { type: 'Role', principalId: 'AROADEPLOY', arn: 'arn:aws:iam::123456789012:role/Deploy', accountId: '123456789012' },
  },
};

function entryOf(eventName: string, requestParameters: object | null, more: object = {}): AuditEntry {
  return {
    position: 7,
    lastPosition: 7,
    eventIds: ['id'],
    eventTypes: ['type'],
    sessionRoot: 'arn:aws:iam::123456789012:user/carol',
    record: {
      eventVersion: '1.11',
      userIdentity: identity,
      eventTime: '2026-01-01T00:00:01Z',
      eventSource: 'iam.amazonaws.com',
      eventName,
      awsRegion: 'us-east-1',
      sourceIPAddress: '192.0.2.1',
      userAgent: 'test',
      requestParameters,
      responseElements: null,
      requestID: 'request',
      eventID: 'event',
      readOnly: false,
      recipientAccountId: '123456789012',
      ...more,
    },
  };
}

/** Parameters that a call of a row has. */
const parametersOf = ({ where }: OcsfRow) => ({
  userName: 'bob',
  groupName: 'staff',
  roleName: 'Deploy',
  policyName: 'Readers',
  policyArn: 'arn:aws:iam::123456789012:policy/Readers',
  accessKeyId: 'AKIAEXAMPLE',
  ...(where === undefined ? {} : { [where[0]]: where[1] }),
});

/** What the table must say, class and activity of each name, read off the definitions of OCSF. */
const expected: readonly (readonly [eventName: string, typeUid: number])[] = [
  ['CreateUser', 300101],
  ['DeleteUser', 300106],
  ['UpdateUser', 300403],
  ['CreateLoginProfile', 300102],
  ['DeleteLoginProfile', 300105],
  ['UpdateLoginProfile', 300104],
  ['ChangePassword', 300103],
  ['CreateAccessKey', 300401],
  ['DeleteAccessKey', 300404],
  ['EnableMFADevice', 300110],
  ['DeactivateMFADevice', 300111],
  ['AttachUserPolicy', 300107],
  ['PutUserPolicy', 300107],
  ['DetachUserPolicy', 300108],
  ['DeleteUserPolicy', 300108],
  ['CreateRole', 300401],
  ['UpdateAssumeRolePolicy', 300403],
  ['AttachRolePolicy', 300403],
  ['DetachRolePolicy', 300403],
  ['DeleteRole', 300404],
  ['CreateGroup', 300606],
  ['DeleteGroup', 300605],
  ['AddUserToGroup', 300603],
  ['RemoveUserFromGroup', 300604],
  ['AttachGroupPolicy', 300601],
  ['DetachGroupPolicy', 300602],
  ['CreatePolicy', 300401],
  ['CreatePolicyVersion', 300403],
  ['SetDefaultPolicyVersion', 300403],
  ['DeletePolicy', 300404],
  ['ConsoleLogin', 300201],
  ['AssumeRole', 300201],
  ['AssumeRoleWithSAML', 300201],
  ['AssumeRoleWithWebIdentity', 300201],
];

describe('the table of OCSF classes', () => {
  it.each(expected)('tells %s as %i', (eventName, typeUid) => {
    expect(ocsfEvent(entryOf(eventName, { userName: 'bob' }))['type_uid']).toBe(typeUid);
  });

  it('tells an access key that is made active from one that is made inactive', () => {
    expect(ocsfEvent(entryOf('UpdateAccessKey', { accessKeyId: 'AKIA', status: 'Active' }))['type_uid']).toBe(300410);
    expect(ocsfEvent(entryOf('UpdateAccessKey', { accessKeyId: 'AKIA', status: 'Inactive' }))['type_uid']).toBe(300411);
  });

  it('tells by its verb what stands in no row', () => {
    const typeOf = (eventName: string, readOnly: boolean) => rowOf(eventName, {}, readOnly).activity;
    expect([typeOf('ListUsers', true), typeOf('UploadSSHPublicKey', false), typeOf('DeleteAccountAlias', false)]).toEqual([2, 1, 4]);
    expect(typeOf('UpdateAccountPasswordPolicy', false)).toBe(3);
  });

  it('has a caption for every activity', () => {
    expect(ocsfRows.filter((row) => ocsfActivities[row.class][row.activity] === undefined)).toEqual([]);
  });
});

describe('an OCSF event', () => {
  it('keeps who, whence, and how it ended', () => {
    const refused = entryOf('CreateUser', { userName: 'bob' }, { errorCode: 'AccessDenied', errorMessage: 'no' });
    expect(ocsfEvent(refused)).toMatchObject({
      status_id: 2,
      status_code: 'AccessDenied',
      actor: {
        user: { uid: identity.arn, credential_uid: 'ASIAEXAMPLE' },
        session: { issuer: identity.sessionContext.sessionIssuer.arn, is_mfa: true },
      },
      src_endpoint: { ip: '192.0.2.1' },
      user: { name: 'bob' },
      unmapped: { sessionRoot: 'arn:aws:iam::123456789012:user/carol' },
    });
    expect(ocsfEvent(entryOf('AssumeRole', {}, { sourceIPAddress: 'ec2.amazonaws.com' }))['src_endpoint']).toEqual({ svc_name: 'ec2.amazonaws.com' });
  });
});

const paths: Readonly<Record<OcsfClass, string>> = {
  3001: 'iam/account_change',
  3002: 'iam/authentication',
  3004: 'iam/entity_management',
  3006: 'iam/group_management',
};

if (!ocsfIsHere) {
  describe.skip("events of every row: not validated, because OCSF's schema is not here (IAM_LEDGER_SHARED)", () => {
    it('are valid', () => {});
  });
} else {
  const schemas = new OcsfSchemas(['cloud']);
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  const validators = new Map(
    Object.entries(paths).map(([uid, path]) => [Number(uid), ajv.compile({ ...schemas.eventSchema(path), $id: `https://ocsf.test/${uid}` })]),
  );
  const errorsOf = (event: Readonly<Record<string, unknown>>): string[] => {
    const validate = validators.get(event['class_uid'] as number)!; // one for each class
    return validate(event)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
  };

  describe("against OCSF 1.8.0's own schema", () => {
    it.each(ocsfRows.map((row) => [`${row.eventName} ${row.where?.[1] ?? ''}`.trim(), row] as const))('%s is valid', (_name, row) => {
      expect(errorsOf(ocsfEvent(entryOf(row.eventName, parametersOf(row))))).toEqual([]);
    });

    it.each([
      ['a read', entryOf('ListUsers', null, { readOnly: true })],
      [
        'a service as the actor',
        entryOf('AssumeRole', {}, { userIdentity: { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' }, sourceIPAddress: 'ec2.amazonaws.com' }),
      ],
      ['an unknown actor', entryOf('ConsoleLogin', null, { userIdentity: {}, sourceIPAddress: undefined, additionalEventData: { MFAUsed: 'No' } })],
      ['a refusal', entryOf('DeleteUser', { userName: 'bob' }, { errorCode: 'AccessDenied', errorMessage: 'no' })],
    ])('%s is valid', (_name, entry) => {
      expect(errorsOf(ocsfEvent(entry))).toEqual([]);
    });

    it('would not be, were a member unknown, missing or out of its range', () => {
      const event = ocsfEvent(entryOf('CreateUser', { userName: 'bob' }));
      expect(errorsOf({ ...event, surprise: 1 })).not.toEqual([]);
      expect(errorsOf({ ...event, user: undefined })).not.toEqual([]);
      expect(errorsOf({ ...event, severity_id: 77 })).not.toEqual([]);
    });
  });
}

import { describe, expect, it } from '@jest/globals';
import { makeCertificate } from '../../../test/support/certificates.ts';
import { ExpiryLife, bobId, dayMs, none } from '../../../test/support/expiry-life.ts';
import type { AccountEvent } from '../../iam/events.ts';
import { credentialExpiry } from './credential-expiry.ts';

const uploadDate = '2026-01-01T00:00:00Z';
const sshKey = (sshPublicKeyId: string): AccountEvent => ({
  type: 'SSHPublicKeyUploaded',
  data: { userName: 'bob', sshPublicKeyId, openSsh: `ssh-rsa ${sshPublicKeyId}`, uploadDate },
});
const signing = (certificateId: string, notAfter: string, terms: { readonly userName?: string; readonly uploadDate?: string } = {}): AccountEvent => {
  const { pem } = makeCertificate('bob', { notAfter: new Date(notAfter) });
  return { type: 'SigningCertificateUploaded', data: { certificateId, certificateBody: pem, digest: certificateId, uploadDate, ...terms } };
};
const serviceSpecific = (credentialId: string, terms: { readonly createDate?: string; readonly expirationDate?: string } = {}): AccountEvent => ({
  type: 'ServiceSpecificCredentialCreated',
  data: {
    userName: 'bob',
    credentialId,
    serviceName: 'bedrock.amazonaws.com',
    serviceUserName: credentialId,
    createDate: uploadDate,
    masterKeyId: 'test',
    ...terms,
  },
});
const serverCertificate: AccountEvent = {
  type: 'ServerCertificateUploaded',
  data: {
    serverCertificateName: 'www',
    serverCertificateId: 'ASCAWWW',
    path: '/edge/',
    certificateBody: 'pem',
    uploadDate,
    expiration: '2026-12-01T00:00:00.000Z',
    tags: [{ Key: 'Owner', Value: 'web-team' }],
  },
};
const metadata = (...ends: readonly string[]) => ({
  entityId: 'https://idp.example.com',
  certificates: ends.map((notAfter) => ({ certificate: 'AAAA', notAfter })),
  validUntil: ends.toSorted().at(-1)!,
});
const samlProvider = (...ends: readonly string[]): AccountEvent => ({
  type: 'SAMLProviderCreated',
  data: { name: 'idp', samlProviderId: 'SAMLSPIDP', createDate: uploadDate, samlMetadataDocument: 'xml', metadata: metadata(...ends), tags: [] },
});

/** What is planned for on a day, by id. */
const plannedOn = (life: ExpiryLife, day: string, settings?: unknown): readonly (string | undefined)[] => {
  life.now = Date.parse(day);
  return life.plan(none, undefined, settings).map(({ credential }) => credential);
};
const lifeOf = (...events: readonly AccountEvent[]): ExpiryLife => {
  const life = new ExpiryLife();
  for (const event of events) life.given(event);
  return life;
};

describe('an SSH public key', () => {
  it('is told of by its age, each by itself, with what that rests on', () => {
    const life = lifeOf(sshKey('APKAONE'), sshKey('APKATWO'));
    expect(plannedOn(life, '2026-12-17T23:59:59Z')).toEqual([]);
    expect(plannedOn(life, '2026-12-18T00:00:00Z')).toEqual(['APKAONE', 'APKATWO']);
    expect(life.plan()[0]).toEqual({
      action: 'start',
      instance: 'APKAONE-ssh-public-key-20260101T000000Z',
      entity: 'arn:aws:iam::123456789012:user/bob',
      credential: 'APKAONE',
      reason: 'the SSH public key APKAONE comes to its end on 2027-01-01T00:00:00.000Z',
      evidence: [`uploaded ${uploadDate}`, 'to be replaced at 365 days (sshPublicKeyDays)'],
      facts: [
        {
          type: 'ExpiryPlanned',
          data: {
            accountId: '123456789012',
            credential: 'ssh-public-key',
            credentialId: 'APKAONE',
            userId: bobId,
            userName: 'bob',
            madeAt: uploadDate,
          },
        },
      ],
    });
  });

  it('is told of at the age of the settings, or never', () => {
    const life = lifeOf(sshKey('APKAONE'));
    expect(plannedOn(life, '2026-02-01T00:00:00Z', { sshPublicKeyDays: 40 })).toEqual(['APKAONE']);
    expect(plannedOn(life, '2046-01-01T00:00:00Z', { sshPublicKeyDays: null })).toEqual([]);
  });

  it('is let be where its age does not matter any more', () => {
    const life = lifeOf(sshKey('APKAONE'));
    life.now += 360 * dayMs;
    life.begin();
    life.days(1, { sshPublicKeyDays: null });
    expect(life.state).toMatchObject({ phase: 'Ended', outcome: 'NotDue' });
  });

  it('rests while it is inactive, and is gone when it is deleted', () => {
    const life = lifeOf(sshKey('APKAONE'), sshKey('APKATWO'));
    life.now += 360 * dayMs;
    life.begin();
    const key = { userName: 'bob', sshPublicKeyId: 'APKAONE' };
    life.given({ type: 'SSHPublicKeyDeactivated', data: key });
    expect(life.plan().map(({ credential }) => credential)).toEqual(['APKATWO']);
    life.days(20);
    expect(life.told).toEqual([]);
    life.given({ type: 'SSHPublicKeyActivated', data: key });
    life.days(1);
    expect(life.told).toEqual(['notice-expired on day 380']); // and security no sooner than if it had been told in time
    life.days(3);
    expect(life.told).toEqual(['notice-expired on day 380', 'escalate-security on day 383']);
    life.given({ type: 'SSHPublicKeyDeleted', data: key });
    life.days(5);
    expect(life.state).toMatchObject({ phase: 'Ended', outcome: 'Gone' });
  });
});

describe('a signing certificate', () => {
  it('has its owner told from 30 days before its end, also when he is renamed, and then security', () => {
    const life = lifeOf(signing('ASCAONE', '2026-07-01T00:00:00Z', { userName: 'bob' }));
    expect(plannedOn(life, '2026-05-31T23:59:59Z')).toEqual([]);
    expect(plannedOn(life, '2026-06-01T00:00:00Z')).toEqual(['ASCAONE']);
    life.begin();
    life.given({ type: 'UserUpdated', data: { userName: 'bob', path: '/', newUserName: 'robert', newPath: '/' } });
    life.days(40);
    expect(life.told.map((step) => step.split(' ')[0])).toEqual([
      'notice-days-30',
      'notice-days-14',
      'notice-days-7',
      'notice-days-1',
      'notice-expired',
      'escalate-security',
    ]);
    expect(life.notices.at(-1)).toMatchObject({ to: 'security', credentialId: 'ASCAONE', userName: 'robert', expiresAt: '2026-07-01T00:00:00.000Z' });
  });

  it('is done with when its owner has one that lasts longer', () => {
    const life = lifeOf(signing('ASCAONE', '2026-07-01T00:00:00Z', { userName: 'bob' }));
    life.now = Date.parse('2026-06-10T00:00:00Z');
    life.begin();
    life.given(signing('ASCASHORT', '2026-06-20T00:00:00Z', { userName: 'bob', uploadDate: '2026-06-09T00:00:00Z' }));
    life.days(1);
    expect(life.state.phase).toBe('Noticed');
    life.given(signing('ASCALONG', '2027-06-20T00:00:00Z', { userName: 'bob', uploadDate: '2026-06-09T00:00:00Z' }));
    life.days(5);
    expect(life.state).toMatchObject({ phase: 'Ended', outcome: 'Renewed' });
    expect(life.plan()).toEqual([]);
  });

  it("is told of where it is root's, at the address of the account", () => {
    const life = lifeOf(signing('ASCAROOT', '2026-07-01T00:00:00Z'));
    expect(plannedOn(life, '2026-06-01T00:00:00Z')).toEqual(['ASCAROOT']);
    life.begin();
    life.days(1);
    expect(life.notices[0]).toMatchObject({ arn: 'arn:aws:iam::123456789012:root', owner: 'root@example.com' });
    expect(life.notices[0]).not.toHaveProperty('userName');
  });
});

describe('a service-specific credential', () => {
  it('is told of near its end, which a reset does not put off, and not just after it was made', () => {
    const life = lifeOf(serviceSpecific('ACCAYEAR', { expirationDate: '2027-01-01T00:00:00Z' }));
    life.given(serviceSpecific('ACCAMONTH', { expirationDate: '2026-01-31T00:00:00Z' }));
    expect(plannedOn(life, '2026-01-16T23:59:59Z')).toEqual([]);
    expect(plannedOn(life, '2026-01-17T00:00:00Z')).toEqual(['ACCAMONTH']);
    life.given({ type: 'ServiceSpecificCredentialReset', data: { userName: 'bob', credentialId: 'ACCAYEAR', generation: 1, masterKeyId: 'test' } });
    life.given({
      type: 'ServiceSpecificCredentialDeleted',
      data: { userName: 'bob', credentialId: 'ACCAMONTH', serviceName: '', serviceUserName: '' },
    });
    expect(plannedOn(life, '2026-12-02T00:00:00Z')).toEqual(['ACCAYEAR']);
  });

  it('is done with when another of the service lasts longer', () => {
    const life = lifeOf(serviceSpecific('ACCAONE', { expirationDate: '2027-01-01T00:00:00Z' }));
    life.now = Date.parse('2026-12-10T00:00:00Z');
    life.begin();
    life.days(1);
    life.given(serviceSpecific('ACCATWO', { createDate: '2026-12-11T00:00:00Z' }));
    life.days(10);
    expect(life.state).toMatchObject({ phase: 'Ended', outcome: 'Renewed' });
  });

  it('without an end is as old as its password', () => {
    const life = lifeOf(serviceSpecific('ACCAONE'));
    expect(plannedOn(life, '2026-03-18T00:00:00Z')).toEqual(['ACCAONE']);
    life.begin();
    life.days(1);
    life.given({ type: 'ServiceSpecificCredentialReset', data: { userName: 'bob', credentialId: 'ACCAONE', generation: 1, masterKeyId: 'test' } });
    life.days(10);
    expect(life.state).toMatchObject({ phase: 'Ended', outcome: 'Renewed' });
    expect(plannedOn(life, '2026-06-02T23:59:59Z')).toEqual([]);
    expect(plannedOn(life, '2026-06-03T00:00:00Z')).toEqual(['ACCAONE']);
  });
});

describe('a server certificate', () => {
  it('is told of to the owner of its tag, under whatever name, until it is deleted', () => {
    const life = lifeOf(serverCertificate);
    expect(plannedOn(life, '2026-10-31T23:59:59Z')).toEqual([]);
    expect(plannedOn(life, '2026-11-01T00:00:00Z')).toEqual(['ASCAWWW']);
    life.begin();
    const renamed = { serverCertificateName: 'www', path: '/edge/', newServerCertificateName: 'web', newPath: '/' };
    life.given({ type: 'ServerCertificateUpdated', data: renamed });
    life.days(1);
    expect(life.notices[0]).toMatchObject({ owner: 'web-team', arn: 'arn:aws:iam::123456789012:server-certificate/web' });
    life.given({ type: 'ServerCertificateDeleted', data: { serverCertificateName: 'web', serverCertificateId: 'ASCAWWW', path: '/' } });
    life.days(20);
    expect(life.state).toMatchObject({ phase: 'Ended', outcome: 'Gone' });
  });

  it('is exempt by its own id', () => {
    const life = lifeOf(serverCertificate);
    life.now = Date.parse('2026-11-01T00:00:00Z');
    const people = { reason: 'goes with its host', owner: 'alice', approver: 'carol', expiresAt: '2030-01-01T00:00:00Z' };
    expect(life.plan(none, [{ id: 'host', match: { id: 'ASCAWWW' }, ...people }])).toMatchObject([{ action: 'skip', skipReason: 'Exempt' }]);
    expect(life.plan(none, [{ id: 'host', match: { id: 'ASCANONE' }, ...people }])).toMatchObject([{ skipReason: 'ExemptionsUnreadable' }]);
  });
});

describe('a SAML provider', () => {
  it('ends with the last of its certificates, and is renewed by metadata that end later', () => {
    const life = lifeOf(samlProvider('2026-03-01T00:00:00.000Z', '2026-07-01T00:00:00.000Z'));
    expect(plannedOn(life, '2026-05-31T23:59:59Z')).toEqual([]);
    expect(plannedOn(life, '2026-06-01T00:00:00Z')).toEqual(['SAMLSPIDP']);
    expect(life.plan()[0]!.evidence).toContain('metadata valid until 2026-07-01T00:00:00.000Z');
    life.begin();
    life.days(1);
    expect(life.notices[0]).toMatchObject({ arn: 'arn:aws:iam::123456789012:saml-provider/idp', owner: 'root@example.com' });
    const [previousMetadata, next] = [metadata('2026-07-01T00:00:00.000Z'), metadata('2027-07-01T00:00:00.000Z')];
    life.given({ type: 'SAMLProviderUpdated', data: { name: 'idp', samlMetadataDocument: 'xml', metadata: next, previousMetadata } });
    life.days(20);
    expect(life.state).toMatchObject({ phase: 'Ended', outcome: 'Renewed' });
    expect(plannedOn(life, '2027-06-01T00:00:00Z')).toEqual(['SAMLSPIDP']);
  });
});

it('what the percentage of the cap is taken of is every such credential', () => {
  const { account } = lifeOf(
    sshKey('APKAONE'),
    signing('ASCAONE', '2026-07-01T00:00:00Z'),
    serviceSpecific('ACCAONE'),
    serverCertificate,
    samlProvider('2027-01-01T00:00:00Z'),
  );
  expect(credentialExpiry.population(account)).toBe(5);
});

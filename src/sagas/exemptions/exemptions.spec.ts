import { describe, expect, it } from '@jest/globals';
import { createUser } from '../../iam/users/create-user.ts';
import { Scenario } from '../../../test/support/scenario.ts';
import { checkedAgainst, exemptionOf, type ExemptionSubject } from './exemptions.ts';
import { parseExemptions, parseExemptionsText } from './parse-exemptions.ts';

const now = new Date('2026-06-01T00:00:00Z');
const robot = {
  id: 'robots',
  match: { tag: { key: 'kind', value: 'robot' } },
  reason: 'runs once a year',
  owner: 'alice',
  approver: 'bob',
  expiresAt: '2027-01-01T00:00:00Z',
};
const subject: ExemptionSubject = {
  ids: ['AIDAROBOT', 'arn:aws:iam::123456789012:user/robots/r2'],
  tags: [{ Key: 'Kind', Value: 'robot' }],
  paths: ['/robots/'],
  groups: ['machines'],
};
const ask = (exemptions: readonly unknown[], options: { readonly saga?: string; readonly at?: Date; readonly of?: ExemptionSubject } = {}) =>
  exemptionOf(parseExemptions(exemptions), options.of ?? subject, { saga: options.saga ?? 'unused-removal', now: options.at ?? now });

describe('an exemption', () => {
  it.each([
    ['a tag with its value', { tag: { key: 'kind', value: 'robot' } }],
    ['a tag with any value', { tag: { key: 'KIND' } }],
    ['a path', { path: '/robots/' }],
    ['a group', { group: 'Machines' }],
    ['a unique id', { id: 'AIDAROBOT' }],
    ['an ARN', { id: 'arn:aws:iam::123456789012:user/robots/r2' }],
  ])('matches by %s', (_name, match) => {
    expect(ask([{ ...robot, match }])).toMatchObject({
      status: 'exempt',
      reason: 'robots: runs once a year',
      until: new Date('2027-01-01T00:00:00Z'),
    });
  });

  it.each([
    ['another value of the tag', { tag: { key: 'kind', value: 'Robot' } }],
    ['another path', { path: '/robots/old/' }],
    ['another group', { group: 'people' }],
    ['another id', { id: 'AIDAOTHER' }],
  ])('does not match by %s', (_name, match) => {
    expect(ask([{ ...robot, match }])).toEqual({ status: 'none' });
  });

  it('ends at the moment it says', () => {
    expect(ask([robot], { at: new Date('2026-12-31T23:59:59.999Z') })).toMatchObject({ status: 'exempt' });
    expect(ask([robot], { at: new Date('2027-01-01T00:00:00Z') })).toEqual({ status: 'none' });
  });

  it('holds for the kinds of sagas that it names, and for all where it names none', () => {
    expect(ask([{ ...robot, sagas: ['access-key-rotation'] }])).toEqual({ status: 'none' });
    expect(ask([{ ...robot, sagas: ['access-key-rotation'] }], { saga: 'access-key-rotation' })).toMatchObject({ status: 'exempt' });
    expect(ask([robot], { saga: 'access-key-rotation' })).toMatchObject({ status: 'exempt' });
  });

  it('of several, the one that lasts longest answers', () => {
    const longer = { ...robot, id: 'path', match: { path: '/robots/' }, expiresAt: '2028-01-01T00:00:00Z' };
    expect(ask([robot, longer])).toMatchObject({ until: new Date('2028-01-01T00:00:00Z') });
  });
});

describe('exemptions that can not be trusted let nothing be done', () => {
  const { reason: _reason, ...noReason } = robot;
  it.each([
    ['no list', { exemptions: [] }],
    ['an entry that is no object', ['robots']],
    ['no reason', [noReason]],
    ['an empty owner', [{ ...robot, owner: ' ' }]],
    ['nobody else who approved', [{ ...robot, approver: 'Alice' }]],
    ['no end', [{ ...robot, expiresAt: undefined }]],
    ['a day without time', [{ ...robot, expiresAt: '2027-01-01' }]],
    ['a day that no calendar has', [{ ...robot, expiresAt: '2027-02-30T00:00:00Z' }]],
    ['an unknown member', [{ ...robot, until: '2027-01-01T00:00:00Z' }]],
    ['an unknown way to match', [{ ...robot, match: { name: 'r2' } }]],
    ['two ways to match', [{ ...robot, match: { group: 'a', id: 'b' } }]],
    ['nothing to match', [{ ...robot, match: {} }]],
    ['every path', [{ ...robot, match: { path: '/' } }]],
    ['an empty list of sagas', [{ ...robot, sagas: [] }]],
    ['an id twice', [robot, { ...robot, match: { group: 'x' } }]],
    ['one thing until two days', [robot, { ...robot, id: 'other', expiresAt: '2026-07-01T00:00:00Z' }]],
    ['too many', Array.from({ length: 1001 }, (_, index) => ({ ...robot, id: `e${index}`, match: { id: `AIDA${index}` } }))],
  ])('%s', (_name, source) => {
    const exemptions = parseExemptions(source);
    expect(exemptions.problems).not.toEqual([]);
    const stranger: ExemptionSubject = { ids: ['AIDASTRANGER'], tags: [], paths: ['/'], groups: [] };
    expect(exemptionOf(exemptions, stranger, { saga: 'unused-removal', now })).toMatchObject({ status: 'unreadable' });
  });

  it('a file that is no JSON', () => {
    expect(parseExemptionsText('[{').problems).toHaveLength(1);
    expect(parseExemptionsText(JSON.stringify([robot])).problems).toEqual([]);
  });

  it('a group or an id that is not there, while the exemption lasts', async () => {
    const scenario = await new Scenario().after(createUser, { UserName: 'r2' });
    const { userId } = scenario.account.users.get('r2')!;
    const check = (match: object, at = now) => checkedAgainst(parseExemptions([{ ...robot, match }]), scenario.account, at).problems;
    expect(check({ group: 'machines' })).toEqual(['Exemption robots names the group machines, which is not there.']);
    expect(check({ id: 'AIDAGONE' })).toEqual(['Exemption robots names AIDAGONE, which is not there.']);
    expect(check({ group: 'machines' }, new Date('2027-01-01T00:00:00Z'))).toEqual([]);
    expect(check({ id: userId })).toEqual([]);
    expect(check({ tag: { key: 'kind' } })).toEqual([]);
  });
});

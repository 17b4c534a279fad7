import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createUser, startServer, trust, accountId } from '../support/server.ts';
import type { Answer } from '../support/signed-client.ts';
import { malformation } from '../support/well-formed.ts';
import type { Rows, World } from './bad-inputs/bad-input.ts';
import { conditions } from './bad-inputs/conditions.ts';
import { form } from './bad-inputs/form.ts';
import { http } from './bad-inputs/http.ts';
import { limits } from './bad-inputs/limits.ts';
import { names } from './bad-inputs/names.ts';
import { pagination } from './bad-inputs/pagination.ts';
import { policies } from './bad-inputs/policies.ts';
import { reports } from './bad-inputs/reports.ts';
import { sessions } from './bad-inputs/sessions.ts';
import { signature } from './bad-inputs/signature.ts';

interface TableRow {
  readonly id: string;
  readonly group: string;
  readonly where: string;
  readonly input: string;
  readonly code: string;
  readonly http: number;
}

const file = join(process.env['IAM_LEDGER_SHARED'] ?? '../shared', 'reference', 'bad-inputs.json');
const table = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as TableRow[]) : [];
const whenPresent = table.length > 0 ? describe : describe.skip;
const reason = table.length > 0 ? '' : ` (SKIPPED: no ${file})`;

const groups: Readonly<Record<string, Rows>> = { http, form, signature, names, policies, conditions, pagination, sessions, reports, limits };
const rows: Rows = Object.assign({}, ...Object.values(groups));

let world: World;
beforeAll(async () => {
  const server = await startServer();
  const admin = await server.admin();
  const bob = await createUser(admin, 'Bob');
  await admin.mustIam('CreateGroup', { GroupName: 'Staff' });
  await admin.mustIam('CreateRole', {
    RoleName: 'Deploy',
    AssumeRolePolicyDocument: trust(`arn:aws:iam::${accountId}:root`, { actions: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'] }),
  });
  world = { server, admin, bob };
});
afterAll(() => world.server.stop());

/** Types of the events that stand in the log after a position, once all that waits is written. */
async function typesAfter(position: number): Promise<string[]> {
  const { activity, ledger } = world.server.parts;
  await activity.flush();
  const types: string[] = [];
  for await (const events of ledger.readAll({ after: position })) types.push(...events.map(({ type }) => type));
  return types;
}

/** What is wrong with an answer, whatever it was asked; empty where nothing is. */
function flaws({ status, headers, body }: Answer): string[] {
  const found: string[] = [];
  const ownAnswer = headers['x-amzn-requestid'] !== undefined; // Node's parser answers the others itself, without a body
  if (status >= 500) found.push(`status ${status}`);
  if (!ownAnswer)
    return status === 0 || body === '' || body === '0\r\n\r\n' ? found : [...found, `a body without a request id: ${body.slice(0, 100)}`];
  if (Math.abs(Date.parse(String(headers['date'])) - Date.now()) > 60_000) found.push(`the Date header is ${headers['date']}`);
  if (/^ *at .*\.(ts|js):|SQLITE|node_modules/m.test(body)) found.push('a stack in the body');
  const isXml = String(headers['content-type']).startsWith('text/xml');
  if (isXml && body !== '') {
    const malformed = malformation(body);
    if (malformed !== '') found.push(malformed);
    if (!/<Request(Id|ID)>[0-9a-f-]{36}<\/Request(Id|ID)>/.test(body)) found.push('no RequestId in the XML');
  }
  return found;
}

describe('the table of bad inputs', () => {
  whenPresent(`of the reference${reason}`, () => {
    it('has every row tried, or excused with a reason', () => {
      expect(table.filter(({ id }) => rows[id] === undefined).map(({ id, input }) => `${id} ${input}`)).toEqual([]);
      expect(Object.keys(rows).filter((id) => !table.some((row) => row.id === id))).toEqual([]);
      expect(table.length).toBe(275);
    });
  });

  it('says nothing twice', () => {
    const ids = Object.values(groups).flatMap((group) => Object.keys(group));
    expect(ids.length).toBe(new Set(ids).size);
  });
});

const expectedBy = (id: string): string => {
  const row = table.find((each) => each.id === id);
  const code = row === undefined || row.code.startsWith('(') ? 'undefined' : row.code;
  return `${row?.http} ${code}`;
};

for (const [group, { ...each }] of Object.entries(groups)) {
  whenPresent(`bad input: ${group}${reason}`, () => {
    for (const [id, inputs] of Object.entries(each)) {
      if (typeof inputs === 'string') continue;
      it(`${id} ${table.find((row) => row.id === id)?.input ?? ''}`, async () => {
        const wrong: string[] = [];
        for (const { of, expected = expectedBy(id), leaves = [], prepare } of inputs) {
          const send = await prepare(world);
          await world.server.parts.activity.flush();
          const before = world.server.parts.ledger.head();
          const answer = await send();
          const told = `${answer.status} ${answer.code}`;
          const asExpected = typeof expected === 'string' ? told === expected : expected.test(told);
          const left = (await typesAfter(before)).filter((type) => type !== 'ApiCallFailed' && !leaves.includes(type));
          const problems = [
            ...(asExpected ? [] : [`${told}, not ${String(expected)} (${answer.message ?? ''})`]),
            ...flaws(answer),
            ...(answer.status !== 200 && left.length > 0 ? [`events ${left.join()}`] : []),
          ];
          if (problems.length > 0) wrong.push(`${of}: ${problems.join('; ')}`);
        }
        expect(wrong).toEqual([]);
        expect((await world.admin.sts('GetCallerIdentity')).status).toBe(200);
      });
    }
  });
}

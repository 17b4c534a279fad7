import type { CompiledStatement } from '../compiled-statement.ts';
import type { PrincipalEntry } from '../document.ts';
import type { Principal } from '../request.ts';

/** Principals that are tried; past it an answer is not complete. */
export const principalsMax = 4096;

const PRINCIPAL_ARN = /^arn:([a-z-]+):(iam|sts)::(\d{12}|cloudfront):(user|role|assumed-role|federated-user|root)(?:\/(.*))?$/s;
const ACCOUNT_OR_ROOT = /^(?:arn:([a-z-]+):iam::)?(\d{12})(?::root)?$/;

/** Who asks where policies do not say who: somebody of an account that has nothing to do with the resource's. */
export const somebody: Principal = { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/somebody', accountId: '111122223333', partition: 'aws' };

/** Principals that no `Principal` element names: a user of a foreign account, nobody in particular, a service, a federated user. */
export function strangers(statements: readonly CompiledStatement[]): readonly Principal[] {
  const texts = new Set(entriesOf(statements).map(({ value }) => /\d{12}/.exec(value)?.[0]));
  let account = 999_988_887_777;
  while (texts.has(String(account))) account -= 1;
  return [
    { ...somebody, arn: `arn:aws:iam::${account}:user/somebody`, accountId: String(account) },
    { type: 'Anonymous', arn: '', accountId: '', partition: 'aws' },
  ];
}

/** One principal for each way that the statements can name or not name one. */
export function principalCandidates(statements: readonly CompiledStatement[]): {
  readonly principals: readonly Principal[];
  readonly complete: boolean;
} {
  const entries = entriesOf(statements);
  if (statements.every(({ principals }) => principals === undefined)) return { principals: [somebody], complete: true };
  const accounts = new Map<string, { accountId: string; partition: string }>();
  for (const { value } of entries) {
    const [, partition = 'aws', accountId] = ACCOUNT_OR_ROOT.exec(value) ?? [];
    const arn = PRINCIPAL_ARN.exec(value);
    if (accountId !== undefined) accounts.set(`${partition}:${accountId}`, { accountId, partition });
    if (arn !== null) accounts.set(`${arn[1]}:${arn[3]}`, { accountId: arn[3] as string, partition: arn[1] as string });
  }
  const named = entries.flatMap((entry) => namedBy(entry, entries));
  const members = [...accounts.values()].flatMap(({ accountId, partition }): Principal[] => [
    { type: 'IAMUser', arn: `arn:${partition}:iam::${accountId}:user/somebody`, accountId, partition },
    { type: 'Root', arn: `arn:${partition}:iam::${accountId}:root`, accountId, partition },
  ]);
  const others: Principal[] = [
    ...strangers(statements),
    { type: 'AWSService', arn: 'service-that-nobody-names.amazonaws.com', accountId: '', partition: 'aws' },
    { type: 'WebIdentity', arn: '', accountId: '', partition: 'aws', federatedProvider: 'provider-that-nobody-names' },
  ];
  const byArn = [...named, ...members, ...others];
  const ids = entries.flatMap(({ type, value }) => (type === 'AWS' && /^A[A-Z0-9]{15,}$/.test(value) ? [value] : []));
  const byId = ids.flatMap((uniqueId) => {
    const type = uniqueId.startsWith('AROA') ? 'AssumedRole' : 'IAMUser';
    const base = byArn.filter((principal) => principal.type === type || (type === 'AssumedRole' && principal.type === 'IAMUser'));
    return base.map((principal): Principal => ({ ...principal, type, uniqueId }));
  });
  const principals = [...byArn, ...byId];
  return { principals: principals.slice(0, principalsMax), complete: principals.length <= principalsMax };
}

function entriesOf(statements: readonly CompiledStatement[]): readonly PrincipalEntry[] {
  return statements.flatMap(({ source }) => source.principals?.entries ?? []);
}

function namedBy({ type, value }: PrincipalEntry, all: readonly PrincipalEntry[]): Principal[] {
  if (type === 'Service') return [{ type: 'AWSService', arn: value, accountId: '', partition: 'aws' }];
  if (type === 'Federated') {
    return [{ type: value.includes(':saml-provider/') ? 'SAML' : 'WebIdentity', arn: '', accountId: '', partition: 'aws', federatedProvider: value }];
  }
  const [, partition = '', , accountId = '', kind, name = ''] = PRINCIPAL_ARN.exec(value) ?? [];
  const base = { arn: value, accountId, partition };
  if (kind === 'user') return [{ type: 'IAMUser', ...base }];
  if (kind === 'federated-user') return [{ type: 'FederatedUser', ...base }];
  if (kind === 'role') {
    const role = name.slice(name.lastIndexOf('/') + 1);
    return [{ type: 'AssumedRole', ...base, arn: `arn:${partition}:sts::${accountId}:assumed-role/${role}/somebody`, roleArn: value }];
  }
  if (kind !== 'assumed-role') return [];
  const role = name.slice(0, name.indexOf('/'));
  const roleArns = all.filter((entry) => {
    const [, itsPartition, , itsAccount, itsKind, itsName = ''] = PRINCIPAL_ARN.exec(entry.value) ?? [];
    return itsKind === 'role' && itsPartition === partition && itsAccount === accountId && itsName.slice(itsName.lastIndexOf('/') + 1) === role;
  });
  return [`arn:${partition}:iam::${accountId}:role/path-that-nobody-names/${role}`, ...roleArns.map((entry) => entry.value)].map(
    (roleArn): Principal => ({ type: 'AssumedRole', ...base, roleArn }),
  );
}

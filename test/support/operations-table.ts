import * as iam from '@aws-sdk/client-iam';
import * as sts from '@aws-sdk/client-sts';
import { operationsOf } from '../../libs/aws/index.ts';
import type { Operation } from '../../src/iam/operation.ts';
import { fileOf } from './declared-operations.ts';

/** Why an operation is not offered, by family. The first that fits counts. */
const families: readonly (readonly [RegExp, string])[] = [
  [/MFADevice/, 'MFA: planned'],
  [/SigningCertificate|ServerCertificate|SSHPublicKey|ServiceSpecificCredential/, 'certificates, SSH keys and service-specific credentials: planned'],
  [/CredentialReport|ServiceLastAccessed|PoliciesGrantingServiceAccess|AccessReport/, 'reports: planned'],
  [/Organizations|AssumeRoot/, 'organizations: planned'],
  [/ServiceLinkedRole/, 'service-linked roles: planned'],
  [/Delegat|HumanReadableSummary/, 'delegated access requests: planned'],
  [/SecurityTokenServicePreferences|DecodeAuthorizationMessage/, 'further STS features: planned'],
  [/AccountProperties|AcquireRole|RoleTemplate|ScopedCredentials/, 'new in AWS, not yet in every SDK: planned'],
];

interface Row {
  readonly name: string;
  readonly service: string;
  readonly operation: Operation | undefined;
}

/** The operations that AWS's own clients know, IAM's and then STS's, each with the one that is offered here. */
export function operationRows(offered: readonly Operation[]): Row[] {
  const rowsOf = (service: string, client: Readonly<Record<string, unknown>>): Row[] =>
    [...operationsOf(client).keys()]
      .sort()
      .map((name) => ({ name, service, operation: offered.find((each) => each.name === name && each.service === service) }));
  return [...rowsOf('iam', iam), ...rowsOf('sts', sts)];
}

/** `docs/operations.md`. @throws Error where an operation is neither offered nor of a family with a reason, or has no file of its own */
export function operationsTable(offered: readonly Operation[]): string {
  const rows = operationRows(offered);
  const count = rows.filter((row) => row.operation !== undefined).length;
  return [
    '# Operations',
    '',
    'This file is generated: `IAM_LEDGER_REWRITE_DOCS=1 npm test -- test/conformance/operations-table` writes it, and the same test without the variable',
    'fails where it is out of date.',
    '',
    `Of the ${rows.length} operations of IAM and STS that AWS's own SDK knows, ${count} are offered.`,
    '',
    '| Operation | Service | Offered | File |',
    '|---|---|---|---|',
    ...rows.map(line),
    '',
  ].join('\n');
}

function line({ name, service, operation }: Row): string {
  if (operation === undefined) return `| ${name} | ${service} | ${reasonFor(name)} | |`;
  const file = fileOf(operation);
  if (file === undefined) throw new Error(`${name} is offered, but no file has its name`);
  return `| ${name} | ${service} | yes | [${file}](../${file}) |`;
}

function reasonFor(name: string): string {
  const reason = families.find(([pattern]) => pattern.test(name))?.[1];
  if (reason === undefined) throw new Error(`${name} is not offered, and no family says why`);
  return reason;
}

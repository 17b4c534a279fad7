import { IsDefined, IsOptional, Matches } from 'class-validator';
import { ValidationError } from '../../../libs/aws/index.ts';
import type { Account } from '../../iam/account.ts';
import type { CallMetadata } from '../../iam/call-metadata.ts';
import {
  accountOfDetails,
  importAuthorizationDetails,
  readAuthorizationDetails,
  type AuthorizationDetails,
  type ImportReport,
} from '../../iam/import/authorization-details.ts';
import { accountArn } from '../../iam/account-arn.ts';
import { AwsCommand, operation, type Operation } from '../../iam/operation.ts';
import { importCloudTrailOperation, type CloudTrailImportParts } from './import-cloud-trail.ts';
import { importTarget, recorded } from './import-target.ts';

/** Brings an account in that was exported by `aws iam get-account-authorization-details`. */
export class ImportAuthorizationDetails extends AwsCommand<
  ImportReport & { AccountId: string; RootAccessKey?: { AccessKeyId: string; SecretAccessKey: string } }
> {
  /** Which account to import into; by default the one that the document's ARNs name. */
  @Matches(/^\d{12}$/, { message: 'AccountId must be 12 digits' }) @IsOptional() AccountId?: string;
  /** The parsed output. */
  @IsDefined({ message: 'Document must be the output of get-account-authorization-details' }) Document!: unknown;
}

/** Events of one append of an import: bounded so that other commands of the account are not held up for long. */
const eventsPerAppendMax = 1000;

/** What brings accounts and their history in from AWS. */
export function importOperations(parts: CloudTrailImportParts): readonly Operation[] {
  const { states, secrets } = parts;
  const importDetails = operation(
    ImportAuthorizationDetails,
    {
      resource: ({ AccountId }, account) => accountArn(account, AccountId),
      async perform({ AccountId, Document }, account, call, metadata) {
        const details = readAuthorizationDetails(Document);
        const accountId = AccountId ?? accountOfDetails(details);
        if (accountId === undefined) throw new ValidationError('No ARN of the document names an account: say which one with AccountId.');
        const by = { callerAccountId: account.id, openedAt: call.now.toISOString(), metadata: { ...metadata, requestParameters: { accountId } } };
        const { boundary, rootAccessKey } = await importTarget({ states, secrets }, accountId, by);
        const told: CallMetadata = { ...metadata, recipientAccountId: accountId, requestParameters: { accountId, ...counts(details) } };
        const { events, warnings } = importAuthorizationDetails(details, boundary.state);
        let { position } = boundary.state;
        for (let start = 0; start < events.length; start += eventsPerAppendMax) {
          const part = events.slice(start, start + eventsPerAppendMax);
          position = (await boundary.submit((draft) => recorded(draft, part, told, call.now))).position;
        }
        return {
          position,
          answer: {
            AccountId: accountId,
            ...report(boundary.state),
            Warnings: warnings,
            ...(rootAccessKey === undefined ? {} : { RootAccessKey: rootAccessKey }),
          },
        };
      },
    },
    'iam-ledger',
  );
  return [importDetails as unknown as Operation, importCloudTrailOperation(parts)];
}

const counts = ({ users, groups, roles, policies }: AuthorizationDetails) => ({
  users: users.length,
  groups: groups.length,
  roles: roles.length,
  policies: policies.length,
});

function report(account: Account): Omit<ImportReport, 'Warnings'> {
  return {
    Users: account.users.size,
    Groups: account.groups.size,
    Roles: account.roles.size,
    InstanceProfiles: account.instanceProfiles.size,
    Policies: account.policies.size + account.importedAwsPolicies.size,
  };
}

import type { ServiceSpecificCredential as WireCredential } from '@aws-sdk/client-iam';
import { IsOptional } from 'class-validator';
import { InvalidInput, LimitExceeded } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsCredentialAgeDays, IsServiceName, IsUserName } from '../shapes.ts';
import { arnOfUser, requireUser } from '../users/find-user.ts';
import { describeWithPassword } from './service-specific-credential.ts';
import { mayExpire, requireSupportedService } from './supported-services.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateServiceSpecificCredential.html */
export class CreateServiceSpecificCredential extends IamCommand<{ ServiceSpecificCredential: WireCredential }> {
  @IsUserName() UserName!: string;
  @IsServiceName() ServiceName!: string;
  @IsCredentialAgeDays() @IsOptional() CredentialAgeDays?: number;
}

const dayMilliseconds = 86_400_000;

export const createServiceSpecificCredential = operation(CreateServiceSpecificCredential, {
  resource: ({ UserName }, account) => arnOfUser(account, UserName),
  context: ({ ServiceName, CredentialAgeDays }) => ({
    'iam:ServiceSpecificCredentialServiceName': ServiceName,
    'iam:ServiceSpecificCredentialAgeDays': CredentialAgeDays === undefined ? undefined : String(CredentialAgeDays),
  }),
  decide({ UserName, ServiceName, CredentialAgeDays }, account, call) {
    const { userName, serviceSpecificCredentials } = requireUser(account, UserName);
    requireSupportedService(ServiceName);
    if (CredentialAgeDays !== undefined && !mayExpire(ServiceName)) throw new InvalidInput(`Credentials for ${ServiceName} can not be given an age.`);
    const { serviceSpecificCredentialsPerService: max } = account.quotas;
    if (serviceSpecificCredentials.filter(({ serviceName }) => serviceName === ServiceName).length >= max)
      throw new LimitExceeded(`Cannot exceed quota for ServiceSpecificCredentialsPerUser: ${max}`);
    return [
      fact('ServiceSpecificCredentialCreated', {
        userName,
        credentialId: call.newId('ACCA'),
        serviceName: ServiceName,
        serviceUserName: freeName(account, userName),
        createDate: call.time,
        ...(CredentialAgeDays === undefined
          ? {}
          : { expirationDate: `${new Date(call.now.getTime() + CredentialAgeDays * dayMilliseconds).toISOString().slice(0, 19)}Z` }),
        masterKeyId: call.secrets.masterKeyId,
      }),
    ];
  },
  respond(_command, account, call, events) {
    const [created] = events;
    if (created?.type !== 'ServiceSpecificCredentialCreated')
      throw new Error('CreateServiceSpecificCredential decides exactly one ServiceSpecificCredentialCreated');
    const { userName, ...credential } = created.data;
    const whole = { ...credential, expirationDate: credential.expirationDate, status: 'Active', generation: 0 } as const;
    return { ServiceSpecificCredential: describeWithPassword(requireUser(account, userName).userName, whole, call) };
  },
});

/** `bob-at-123456789012`, or `bob+1-at-…` where that is taken: AWS's form. Renamed users keep the names that they were given. */
function freeName(account: Account, userName: string): string {
  const taken = new Set<string>();
  for (const { serviceSpecificCredentials } of account.users.values())
    for (const { serviceUserName } of serviceSpecificCredentials) taken.add(serviceUserName.toLowerCase());
  for (let number = 0; ; number++) {
    const name = `${userName}${number === 0 ? '' : `+${number}`}-at-${account.id}`;
    if (!taken.has(name.toLowerCase())) return name;
  }
}

import type { ServiceSpecificCredential as WireCredential, ServiceSpecificCredentialMetadata } from '@aws-sdk/client-iam';
import type { Account } from '../account.ts';
import type { Call } from '../call.ts';
import type { Fact, Reducers } from '../events.ts';
import { changeUser } from '../users/user.ts';

/** What a user signs in to one service with that does not speak SigV4. The password is derived from the master key and stands nowhere. */
export interface ServiceSpecificCredential {
  /** `ACCA…` */
  readonly credentialId: string;
  /** `codecommit.amazonaws.com` */
  readonly serviceName: string;
  /** What the service is told, unique in the account: a user name, or the alias of an API key. */
  readonly serviceUserName: string;
  readonly status: 'Active' | 'Inactive';
  readonly createDate: string;
  readonly expirationDate: string | undefined;
  readonly masterKeyId: string;
  /** How often the password was reset. */
  readonly generation: number;
  /** When that was done last. */
  readonly resetDate?: string | undefined;
}

interface OfCredential {
  readonly userName: string;
  readonly credentialId: string;
}

export type ServiceSpecificCredentialEvent =
  | Fact<
      'ServiceSpecificCredentialCreated',
      OfCredential & { serviceName: string; serviceUserName: string; createDate: string; expirationDate?: string | undefined; masterKeyId: string }
    >
  | Fact<'ServiceSpecificCredentialActivated', OfCredential>
  | Fact<'ServiceSpecificCredentialDeactivated', OfCredential>
  | Fact<'ServiceSpecificCredentialReset', OfCredential & { generation: number; masterKeyId: string }>
  | Fact<'ServiceSpecificCredentialDeleted', OfCredential & { serviceName: string; serviceUserName: string }>;

export const serviceSpecificCredentialReducers: Reducers<ServiceSpecificCredentialEvent> = {
  ServiceSpecificCredentialCreated: (account, { data: { userName, ...credential } }) =>
    changeCredentials(account, userName, (credentials) => [
      ...credentials,
      { ...credential, expirationDate: credential.expirationDate, status: 'Active', generation: 0 },
    ]),
  ServiceSpecificCredentialActivated: (account, { data }) => changeCredential(account, data, () => ({ status: 'Active' })),
  ServiceSpecificCredentialDeactivated: (account, { data }) => changeCredential(account, data, () => ({ status: 'Inactive' })),
  ServiceSpecificCredentialReset: (account, { data, time }) =>
    changeCredential(account, data, () => ({ generation: data.generation, masterKeyId: data.masterKeyId, resetDate: time })),
  ServiceSpecificCredentialDeleted: (account, { data }) =>
    changeCredentials(account, data.userName, (credentials) => credentials.filter(({ credentialId }) => credentialId !== data.credentialId)),
};

const changeCredentials = (
  account: Account,
  userName: string,
  change: (credentials: readonly ServiceSpecificCredential[]) => readonly ServiceSpecificCredential[],
): Account => changeUser(account, userName, (user) => ({ ...user, serviceSpecificCredentials: change(user.serviceSpecificCredentials) }));

const changeCredential = (account: Account, { userName, credentialId }: OfCredential, change: () => Partial<ServiceSpecificCredential>): Account =>
  changeCredentials(account, userName, (credentials) =>
    credentials.map((credential) => (credential.credentialId === credentialId ? { ...credential, ...change() } : credential)),
  );

/** Services whose credential is a key without a user name (IAM User Guide, "API keys"); the secret starts with these letters, as AWS's does. */
export const apiKeyServices: Readonly<Record<string, string | undefined>> = { 'bedrock.amazonaws.com': 'ABSK', 'logs.amazonaws.com': 'ACWL' };

/** What has to be shown of a credential to its service. */
export function passwordOf({ credentialId, serviceName, serviceUserName, masterKeyId, generation }: ServiceSpecificCredential, call: Call): string {
  const password = call.secrets.servicePassword(masterKeyId, credentialId, generation);
  const prefix = apiKeyServices[serviceName];
  return prefix === undefined ? password : `${prefix}${Buffer.from(`${serviceUserName}:${password}`).toString('base64')}`;
}

/** A credential as lists show it (IAM API, `ServiceSpecificCredentialMetadata`), at a moment: one that ran out is `Expired`. */
export function describeListedCredential(userName: string, credential: ServiceSpecificCredential, now: Date): ServiceSpecificCredentialMetadata {
  const { credentialId, serviceName, serviceUserName, createDate, expirationDate } = credential;
  return {
    UserName: userName,
    Status: statusAt(credential, now),
    ...(apiKeyServices[serviceName] === undefined ? { ServiceUserName: serviceUserName } : { ServiceCredentialAlias: serviceUserName }),
    CreateDate: new Date(createDate),
    ...(expirationDate === undefined ? {} : { ExpirationDate: new Date(expirationDate) }),
    ServiceSpecificCredentialId: credentialId,
    ServiceName: serviceName,
  };
}

/** Whether a credential may be used at a moment. */
export function statusAt({ status, expirationDate }: ServiceSpecificCredential, now: Date): 'Active' | 'Inactive' | 'Expired' {
  return expirationDate !== undefined && Date.parse(expirationDate) <= now.getTime() ? 'Expired' : status;
}

/** A credential with its password: for the answers to its creation and reset alone. */
export function describeWithPassword(userName: string, credential: ServiceSpecificCredential, call: Call): WireCredential {
  const listed = describeListedCredential(userName, credential, call.now);
  const secret = passwordOf(credential, call);
  return {
    ...listed,
    ...(apiKeyServices[credential.serviceName] === undefined ? { ServicePassword: secret } : { ServiceCredentialSecret: secret }),
  } as WireCredential;
}

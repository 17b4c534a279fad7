import { ValidationError } from '../../../libs/aws/index.ts';
import { findAccessKey } from '../access-keys/find-access-key.ts';
import type { Account } from '../account.ts';
import { fact } from '../events.ts';
import type { PasswordPolicy } from '../password-policy/password-policy.ts';
import type { User } from '../users/user.ts';
import { changed, dateOf, entityOf, isMissing, unchanged, type Fold, type Folded, type RecordedCall } from './cloudtrail-call.ts';
import { optionalText, textOf, type Json } from './json.ts';

/** No password has this hash: the passwords of an imported account are known to nobody here. */
export const unknownPasswordHash = '!';

/** The key has no secret of ours: it can be listed, disabled and deleted, but nobody signs with it here. */
const createAccessKey: Fold = (call, account) => {
  const created = entityOf(call, 'accessKey');
  const accessKeyId = textOf(created, 'accessKeyId');
  if (findAccessKey(account, accessKeyId) !== undefined) return unchanged;
  const given = optionalText(call.request, 'userName') ?? optionalText(created, 'userName');
  const isRoots = given === undefined && call.identity.type === 'Root';
  const user = isRoots ? undefined : account.users.get(given ?? textOf(created, 'userName'));
  if (!isRoots && user === undefined) return isMissing(`CreateUser of user ${given}`);
  const status = created['status'] === 'Inactive' ? 'Inactive' : 'Active';
  return changed(
    fact('AccessKeyCreated', {
      accessKeyId,
      status,
      createDate: dateOf(created, 'createDate', call),
      ...(user === undefined ? {} : { userName: user.userName }),
    }),
  );
};

const updateAccessKey: Fold = ({ request }, account) => {
  const accessKeyId = textOf(request, 'accessKeyId');
  const key = findAccessKey(account, accessKeyId);
  if (key === undefined) return isMissing(`CreateAccessKey of ${accessKeyId}`);
  const status = textOf(request, 'status') === 'Active' ? 'Active' : 'Inactive';
  if (key.status === status) return unchanged;
  const data = { accessKeyId, ...(key.userName === undefined ? {} : { userName: key.userName }) };
  return changed(status === 'Active' ? fact('AccessKeyActivated', data) : fact('AccessKeyDeactivated', data));
};

const deleteAccessKey: Fold = ({ request }, account) => {
  const accessKeyId = textOf(request, 'accessKeyId');
  const key = findAccessKey(account, accessKeyId);
  if (key === undefined) return isMissing(`CreateAccessKey of ${accessKeyId}`);
  return changed(fact('AccessKeyDeleted', { accessKeyId, ...(key.userName === undefined ? {} : { userName: key.userName }) }));
};

const createLoginProfile: Fold = (call, account) => {
  const created = entityOf(call, 'loginProfile');
  const userName = optionalText(call.request, 'userName') ?? textOf(created, 'userName');
  const user = account.users.get(userName);
  if (user === undefined) return isMissing(`CreateUser of user ${userName}`);
  const event = fact('LoginProfileCreated', {
    userName: user.userName,
    passwordHash: unknownPasswordHash,
    passwordResetRequired: (created['passwordResetRequired'] ?? call.request['passwordResetRequired']) === true,
    createDate: dateOf(created, 'createDate', call),
  });
  return user.loginProfile === undefined ? changed(event) : { events: [event], missing: [`DeleteLoginProfile of user ${user.userName}`] };
};

/** Records hide the password. It was given where the record shows that, or shows nothing else that could have been changed. */
const updateLoginProfile = inLoginProfile(({ request }, { userName, loginProfile }) => {
  const given = request['passwordResetRequired'];
  const passwordResetRequired = typeof given === 'boolean' ? given : loginProfile!.passwordResetRequired; // inLoginProfile: it is there
  if (request['password'] !== undefined || typeof given !== 'boolean') {
    return changed(fact('LoginProfileUpdated', { userName, passwordHash: unknownPasswordHash, passwordResetRequired }));
  }
  return given === loginProfile!.passwordResetRequired ? unchanged : changed(fact('LoginProfileUpdated', { userName, passwordResetRequired })); // as above
});

/** About the password of the named user, or the caller's own. */
function inLoginProfile(fold: (call: RecordedCall, user: User) => Folded): Fold {
  return (call: RecordedCall, account: Account) => {
    const userName = optionalText(call.request, 'userName') ?? call.identity.userName;
    if (userName === undefined) throw new ValidationError('neither requestParameters nor userIdentity name a user');
    const user = account.users.get(userName);
    if (user === undefined) return isMissing(`CreateUser of user ${userName}`);
    return user.loginProfile === undefined ? isMissing(`CreateLoginProfile of user ${user.userName}`) : fold(call, user);
  };
}

const createAccountAlias: Fold = ({ request }, account) => {
  const accountAlias = textOf(request, 'accountAlias');
  return account.alias === accountAlias ? unchanged : changed(fact('AccountAliasCreated', { accountAlias, previousAccountAlias: account.alias }));
};

const deleteAccountAlias: Fold = ({ request }, account) => {
  const accountAlias = textOf(request, 'accountAlias');
  return account.alias === accountAlias ? changed(fact('AccountAliasDeleted', { accountAlias })) : isMissing(`CreateAccountAlias of ${accountAlias}`);
};

/** What the call leaves out gets AWS's default, not its former value (IAM API, UpdateAccountPasswordPolicy). */
const updateAccountPasswordPolicy: Fold = ({ request }, account) => {
  const policy: PasswordPolicy = {
    minimumPasswordLength: number(request, 'minimumPasswordLength') ?? 6,
    requireSymbols: request['requireSymbols'] === true,
    requireNumbers: request['requireNumbers'] === true,
    requireUppercaseCharacters: request['requireUppercaseCharacters'] === true,
    requireLowercaseCharacters: request['requireLowercaseCharacters'] === true,
    allowUsersToChangePassword: request['allowUsersToChangePassword'] === true,
    maxPasswordAge: number(request, 'maxPasswordAge'),
    passwordReusePrevention: number(request, 'passwordReusePrevention'),
    hardExpiry: request['hardExpiry'] === true,
  };
  const { passwordPolicy: present } = account;
  const isSame = present !== undefined && (Object.keys(policy) as (keyof PasswordPolicy)[]).every((name) => present[name] === policy[name]);
  return isSame ? unchanged : changed(fact('AccountPasswordPolicyUpdated', policy));
};

function number(from: Json, member: string): number | undefined {
  const value = from[member];
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

/** The calls that change access keys, passwords and the account's own settings, by their names. */
export const credentialFolds: Readonly<Record<string, Fold>> = {
  CreateAccessKey: createAccessKey,
  UpdateAccessKey: updateAccessKey,
  DeleteAccessKey: deleteAccessKey,
  CreateLoginProfile: createLoginProfile,
  UpdateLoginProfile: updateLoginProfile,
  DeleteLoginProfile: inLoginProfile((_call, { userName }) => changed(fact('LoginProfileDeleted', { userName }))),
  ChangePassword: inLoginProfile((_call, { userName }) => changed(fact('PasswordChanged', { userName, passwordHash: unknownPasswordHash }))),
  CreateAccountAlias: createAccountAlias,
  DeleteAccountAlias: deleteAccountAlias,
  UpdateAccountPasswordPolicy: updateAccountPasswordPolicy,
  DeleteAccountPasswordPolicy: (_call, account) =>
    account.passwordPolicy === undefined ? isMissing('UpdateAccountPasswordPolicy') : changed(fact('AccountPasswordPolicyDeleted', {})),
};

import { NoSuchEntity } from '../../../libs/aws/index.ts';
import type { User } from '../users/user.ts';
import type { SshPublicKey } from './ssh-public-key.ts';

/** A key of the user. @throws NoSuchEntity also for another user's */
export function requireSshPublicKey({ sshPublicKeys }: User, id: string): SshPublicKey {
  const key = sshPublicKeys.find(({ sshPublicKeyId }) => sshPublicKeyId === id);
  if (key === undefined) throw new NoSuchEntity(`The SSH public key with id ${id} cannot be found.`);
  return key;
}

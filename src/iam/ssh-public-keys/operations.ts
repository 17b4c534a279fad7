import type { Operation } from '../operation.ts';
import { deleteSSHPublicKey } from './delete-ssh-public-key.ts';
import { getSSHPublicKey } from './get-ssh-public-key.ts';
import { listSSHPublicKeys } from './list-ssh-public-keys.ts';
import { updateSSHPublicKey } from './update-ssh-public-key.ts';
import { uploadSSHPublicKey } from './upload-ssh-public-key.ts';

export const sshPublicKeyOperations = [
  uploadSSHPublicKey,
  getSSHPublicKey,
  listSSHPublicKeys,
  updateSSHPublicKey,
  deleteSSHPublicKey,
] as unknown as readonly Operation[];

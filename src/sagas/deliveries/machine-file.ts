import { randomBytes } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { EffectFailed } from '../effect-port.ts';
import { fillIn, type DeliveryChannel } from './channel.ts';

export interface MachineFileSettings {
  /** It must be there. */
  readonly directory: string;
  /** `{userName}.credentials` */
  readonly file: string;
  /** Profile of the AWS CLI that the key is written under. */
  readonly profile: string;
}

/**
 * A credentials file of the AWS CLI on this machine, for the one who may read it: mode 0600, and there is the old file or the new one, never half of it.
 */
export function machineFileChannel({ directory, file, profile }: MachineFileSettings): DeliveryChannel {
  return {
    async deliver(delivery) {
      const name = fillIn(file, delivery);
      if (name !== basename(name) || name === '.' || name === '..')
        throw new EffectFailed('BadFileName', 'The user has a name that is no file name.', false);
      const text = `[${profile}]\naws_access_key_id = ${delivery.accessKeyId}\naws_secret_access_key = ${delivery.revealSecret()}\n`;
      try {
        await replaceFile(directory, name, text);
      } catch (error) {
        const { code = 'Failed' } = error as NodeJS.ErrnoException;
        throw new EffectFailed(code, `The credentials file could not be written: ${code}.`, code !== 'ENOENT' && code !== 'EACCES');
      }
      return { acknowledged: true };
    },
  };
}

async function replaceFile(directory: string, name: string, text: string): Promise<void> {
  const temporary = join(directory, `.${name}.${randomBytes(8).toString('hex')}`);
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await rename(temporary, join(directory, name));
  } catch (error) {
    await unlink(temporary);
    throw error;
  }
  const folder = await open(directory, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

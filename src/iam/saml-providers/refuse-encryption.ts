import { InvalidInput } from '../../../libs/aws/index.ts';

/** @throws InvalidInput a private key, or the demand that assertions are encrypted: this server takes signed assertions and decrypts none */
export function refuseEncryption({ AssertionEncryptionMode, AddPrivateKey }: { AssertionEncryptionMode?: string; AddPrivateKey?: string }): void {
  if (AddPrivateKey !== undefined || AssertionEncryptionMode === 'Required')
    throw new InvalidInput('Encrypted assertions are not supported: leave AddPrivateKey out and AssertionEncryptionMode at Allowed.');
}

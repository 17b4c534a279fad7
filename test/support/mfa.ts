import { Authenticator } from './authenticator.ts';
import type { SignedClient } from './signed-client.ts';

/** A device of a user's, enabled, with one code left to be used at once. */
export interface EnabledDevice {
  readonly SerialNumber: string;
  readonly seed: string;
  /** A code that is not used yet, for `SerialNumber` and `TokenCode`. */
  code(): { readonly SerialNumber: string; readonly TokenCode: string };
}

/** As an administrator: makes a device and enables it for a user. */
export async function enableDevice(admin: SignedClient, UserName: string, VirtualMFADeviceName: string): Promise<EnabledDevice> {
  const made = await admin.mustIam('CreateVirtualMFADevice', { VirtualMFADeviceName });
  const SerialNumber = made.value('SerialNumber')!;
  const seed = Buffer.from(made.value('Base32StringSeed')!, 'base64').toString();
  const authenticator = new Authenticator(seed);
  const at = new Date();
  await admin.mustIam('EnableMFADevice', {
    UserName,
    SerialNumber,
    AuthenticationCode1: authenticator.code(at, -1),
    AuthenticationCode2: authenticator.code(at),
  });
  return { SerialNumber, seed, code: () => ({ SerialNumber, TokenCode: authenticator.code(at, 1) }) };
}

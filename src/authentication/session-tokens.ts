import type { Secrets, Session } from '../iam/call.ts';
import type { DerivedSecrets } from './key-ring.ts';

/** What deciders may ask of the key ring. */
export function secretsOf(derived: DerivedSecrets): Secrets {
  return {
    masterKeyId: derived.masterKeyId,
    secretAccessKey: (masterKeyId, accessKeyId) => derived.secretAccessKey(masterKeyId, accessKeyId),
    sessionToken: (session: Session) => derived.seal(JSON.stringify(session), session.accessKeyId, session.sessionId),
    mfaSeed: (masterKeyId, deviceId) => derived.mfaSeed(masterKeyId, deviceId),
    servicePassword: (masterKeyId, credentialId, generation) => derived.servicePassword(masterKeyId, credentialId, generation),
    mac: (text) => derived.mac(text),
  };
}

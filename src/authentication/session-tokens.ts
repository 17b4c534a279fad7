import type { Secrets, Session } from '../iam/call.ts';
import type { DerivedSecrets } from './key-ring.ts';

/** No access key is called so: a message is never taken for a session token, nor the other way round. */
const messagePurpose = 'authorization-message';

/** What deciders may ask of the key ring. */
export function secretsOf(derived: DerivedSecrets): Secrets {
  return {
    masterKeyId: derived.masterKeyId,
    secretAccessKey: (masterKeyId, accessKeyId) => derived.secretAccessKey(masterKeyId, accessKeyId),
    sessionToken: (session: Session) => derived.seal(JSON.stringify(session), session.accessKeyId, session.sessionId),
    mfaSeed: (masterKeyId, deviceId) => derived.mfaSeed(masterKeyId, deviceId),
    servicePassword: (masterKeyId, credentialId, generation) => derived.servicePassword(masterKeyId, credentialId, generation),
    sealMessage: (content, unique) => derived.seal(content, messagePurpose, `${messagePurpose}|${unique}`),
    openMessage: (sealed) => derived.open(sealed, messagePurpose),
    mac: (text) => derived.mac(text),
  };
}

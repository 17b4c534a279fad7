/** What credentials are made of: one-time codes, certificates, SSH keys. Pure: no clock, no randomness, no I/O. Knows nothing of this server. */
export { base32 } from './base32.ts';
export { brokenLink, chainPem, isKeyOf, readCertificate, UnreadableCertificate } from './certificate.ts';
export type { Certificate } from './certificate.ts';
export { qrCodePng } from './qr-code.ts';
export { readSshPublicKey, UnusablePublicKey } from './ssh-public-key.ts';
export type { SshPublicKey } from './ssh-public-key.ts';
export { codeOfStep, stepAt, stepOfCodes, stepSeconds } from './totp.ts';

import type { Operation } from '../operation.ts';
import { deleteSigningCertificate } from './delete-signing-certificate.ts';
import { listSigningCertificates } from './list-signing-certificates.ts';
import { updateSigningCertificate } from './update-signing-certificate.ts';
import { uploadSigningCertificate } from './upload-signing-certificate.ts';

export const signingCertificateOperations = [
  uploadSigningCertificate,
  listSigningCertificates,
  updateSigningCertificate,
  deleteSigningCertificate,
] as unknown as readonly Operation[];

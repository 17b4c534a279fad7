import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Server as HttpsServer } from 'node:https';

/** PEM files of the server's certificate chain and private key. */
export interface TlsFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** How often the files are looked at. */
const lookMilliseconds = 2_000;

/** @throws Error that names the file that can not be read */
export function readTlsFiles({ certificateFile, keyFile }: TlsFiles): { readonly cert: Buffer; readonly key: Buffer } {
  return { cert: readFileSync(certificateFile), key: readFileSync(keyFile) };
}

/**
 * Takes up the certificate again whenever its files change: new connections get the new one, those that are open go on. Files that do not fit each
 * other (one of two is written before the other) leave the certificate as it is until they do.
 *
 * @returns stops looking
 */
export function followTlsFiles(server: HttpsServer, files: TlsFiles, onProblem: (problem: string) => void): () => void {
  const reload = (): void => {
    try {
      server.setSecureContext(readTlsFiles(files));
    } catch (error) {
      onProblem(`the certificate could not be taken up again and stays as it was: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const paths = [files.certificateFile, files.keyFile];
  for (const path of paths) watchFile(path, { interval: lookMilliseconds, persistent: false }, reload);
  return () => {
    for (const path of paths) unwatchFile(path, reload);
  };
}

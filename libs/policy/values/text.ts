/** A text without regard to case. A final sigma is a sigma, so that the parts of a text are folded as the whole is. */
export function foldCase(text: string): string {
  const lower = text.toLowerCase();
  return lower.includes('ς') ? lower.replaceAll('ς', 'σ') : lower;
}

/** Base64 with its padding, whether it was given or not. */
export function paddedBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('base64');
}

/** Members of inputs and answers that hold a secret: never kept, whatever a saga asks for. */
const secretMembers: ReadonlySet<string> = new Set([
  'SecretAccessKey',
  'SessionToken',
  'Password',
  'NewPassword',
  'OldPassword',
  'PrivateKey',
  'ServicePassword',
  'ServiceCredentialSecret',
  'Base32StringSeed',
  'QRCodePNG',
]);

/**
 * The members of an answer that `StepSucceeded` keeps, by their paths: `AccessKey.AccessKeyId`. What is not there is left out.
 *
 * @throws Error at the path of a secret: the saga is wrong
 */
export function keptAnswer(answer: unknown, paths: readonly string[]): Readonly<Record<string, unknown>> {
  const kept: Record<string, unknown> = {};
  for (const path of paths) {
    const names = path.split('.');
    if (names.some((name) => secretMembers.has(name))) throw new Error(`a saga must not keep ${path}: it is a secret`);
    let value: unknown = answer;
    for (const name of names)
      value = typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
    if (value !== undefined && holdsSecret(value)) throw new Error(`a saga must not keep ${path}: there is a secret in it`);
    if (value !== undefined) kept[path] = value instanceof Date ? value.toISOString() : value;
  }
  return kept;
}

/** Whether a secret stands somewhere in a value, by the names of its members. */
export function holdsSecret(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || value instanceof Date) return false;
  return Object.entries(value).some(([name, inner]) => secretMembers.has(name) || holdsSecret(inner));
}

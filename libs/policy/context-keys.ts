import type { PolicyDocument } from './document.ts';
import { normalizeKey } from './request.ts';
import { isVariable, parseTemplate } from './template.ts';
import { takesVariables } from './operators.ts';

/**
 * The context keys a document asks for, in conditions and in variables, each once, in order and as first spelt: the answer of
 * `GetContextKeysForCustomPolicy` and `GetContextKeysForPrincipalPolicy`.
 */
export function contextKeysIn(document: PolicyDocument): string[] {
  const variables = document.version === '2012-10-17';
  const keys = new Map<string, string>();
  const note = (key: string): void => {
    const normalized = normalizeKey(key);
    if (!keys.has(normalized)) keys.set(normalized, key);
  };
  const noteVariables = (text: string): void => {
    for (const token of parseTemplate(text, { variables, wildcards: true }).tokens) if (isVariable(token)) note(token.spelling);
  };
  for (const statement of document.statements) {
    for (const { value } of statement.resources?.values ?? []) noteVariables(value);
    for (const { operator, key, values } of statement.conditions) {
      note(key);
      if (takesVariables(operator.family)) for (const { value } of values) noteVariables(value);
    }
  }
  return [...keys.values()];
}

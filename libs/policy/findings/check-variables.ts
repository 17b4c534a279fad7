import { takesVariables } from '../operators.ts';
import type { StatementDraft, TextDraft } from './policy-draft.ts';
import { quoted } from './report.ts';
import type { Scope } from './scope.ts';

/** Keys that are not in every request: a variable that stands for one makes its statement say nothing there. */
const oftenAbsent = /^aws:(PrincipalTag|RequestTag|ResourceTag)\//i;

/** Policy variables: their form, and whether they are read as such. AWS's page: "IAM policy elements: Variables and tags". */
export function checkVariables(statement: StatementDraft, scope: Scope): void {
  for (const resource of statement.resources?.values ?? []) checkText(resource, scope);
  for (const { operator, values } of statement.conditions) {
    for (const value of values) {
      if (!value.value.includes('${')) continue;
      if (takesVariables(operator.family)) checkText(value, scope);
      else if (scope.hasVariables)
        scope.report.add(
          'INVALID_VARIABLE_FOR_OPERATOR',
          `${operator.name} takes no policy variable: AWS puts values into strings and ARNs alone.`,
          value,
        );
    }
  }
  for (const principal of statement.principals?.entries ?? []) {
    if (principal.value.includes('${')) scope.report.add('VARIABLE_UNSUPPORTED_IN_ELEMENT', 'A principal can not hold a policy variable.', principal);
  }
}

function checkText(text: TextDraft, { report, hasVariables }: Scope): void {
  const { value } = text;
  if (!value.includes('${')) return;
  if (!hasVariables) {
    if (/\$\{\s*\w+:/.test(value))
      report.add(
        'VARIABLE_UNSUPPORTED_IN_VERSION',
        `In a document of this version ${quoted(value)} is plain text: say Version 2012-10-17, so that the variable is one.`,
        text,
      );
    return;
  }
  for (let open = value.indexOf('${'); open !== -1; open = value.indexOf('${', open + 2)) {
    const close = value.indexOf('}', open);
    if (close === -1) return report.add('MISSING_BRACE_IN_VARIABLE', `A variable of ${quoted(value)} is not closed: a } is missing.`, text);
    checkVariable(value.slice(open + 2, close), text, report);
  }
}

function checkVariable(inside: string, text: TextDraft, report: Scope['report']): void {
  if (/^[*?$]$/.test(inside)) return;
  if (inside.trim() === '') return report.add('EMPTY_VARIABLE', `\${${inside}} names no variable.`, text);
  const [name = '', ...rest] = inside.split(',');
  const fallback = rest.join(',').trim();
  if (/\s/.test(name.trim())) return report.add('UNSUPPORTED_SPACE_IN_VARIABLE', `The name of a variable holds no space: ${quoted(name)}.`, text);
  if (rest.length > 0 && !/^'[^']*'$/.test(fallback))
    return report.add('MISSING_QUOTE_IN_VARIABLE', `The default of \${${inside}} stands between single quotes.`, text);
  if (rest.length === 0 && oftenAbsent.test(name.trim())) {
    report.add('MISSING_VARIABLE_DEFAULT', `\${${inside}} has no default: where the key is absent, this value matches nothing.`, text);
  }
}

import { readConditions } from './condition-syntax.ts';
import type { MatchList, PolicyDocument, PolicyKind, PolicyVersion, Statement } from './document.ts';
import { readJson, type JsonMember, type JsonNode } from './json-reader.ts';
import { SYNTAX_ERRORS } from './policy-syntax-error.ts';
import { readPrincipals } from './principal-syntax.ts';
import { checkPolicy, type StatementDraft } from './statement-checks.ts';
import { objectMembers, stringList, stringValue, syntaxContext, type SyntaxContext } from './syntax-context.ts';

/** What a caller may ask beyond the rules that every policy of a kind obeys. */
export interface ParseOptions {
  /**
   * The document becomes a managed policy: `CreatePolicy` and `CreatePolicyVersion` take version 2012-10-17 alone, while inline
   * and trust policies of 2008-10-17, and those that say no version, are still accepted.
   */
  readonly managed?: boolean | undefined;
}

const VERSIONS: readonly string[] = ['2008-10-17', '2012-10-17'];
const DOCUMENT_KEYS: readonly string[] = ['Version', 'Id', 'Statement'];
const STATEMENT_KEYS: readonly string[] = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];

/**
 * Reads and checks a policy document as AWS does when it is stored. AWS's pages: "Grammar of the IAM JSON policy language" and
 * "IAM JSON policy elements reference".
 *
 * Throws `PolicySyntaxError`: its message is AWS's own text, in AWS's order of checks (syntax, version, older parser, statement
 * ids, actions, resources, formats), with the line and column of the first fault.
 */
export function parsePolicy(text: string, kind: PolicyKind, options: ParseOptions = {}): PolicyDocument {
  const root = readJson(text);
  const syntax = syntaxContext(text, kind);
  const members = objectMembers(root, DOCUMENT_KEYS, syntax);
  const versionNode = members.get('Version')?.value;
  const version = versionNode === undefined ? undefined : oneOf(versionNode, VERSIONS, syntax);
  const id = members.get('Id');
  const idText = id === undefined ? undefined : stringValue(id.value, syntax);
  const statementNode = members.get('Statement')?.value;
  if (statementNode === undefined) return syntax.fail(SYNTAX_ERRORS, root.start, 'the document has no Statement');
  const nodes = statementNode.type === 'array' ? statementNode.items : [statementNode];
  if (nodes.length === 0) syntax.fail(SYNTAX_ERRORS, statementNode.start, 'Statement is empty');
  const drafts = nodes.map((node, index) => readStatement(node, index, syntax));
  if (options.managed === true && version !== '2012-10-17') {
    syntax.fail(
      'Policy document must be version 2012-10-17 or greater.',
      versionNode?.start ?? root.start,
      'a managed policy must say version 2012-10-17',
    );
  }
  checkPolicy(drafts, syntax);
  return {
    text,
    kind,
    version: (version ?? '2008-10-17') as PolicyVersion,
    versionStated: version !== undefined,
    id: idText,
    statements: drafts.map(finishStatement),
  };
}

function oneOf(node: JsonNode, known: readonly string[], syntax: SyntaxContext): string {
  const value = stringValue(node, syntax);
  if (!known.includes(value)) syntax.fail(SYNTAX_ERRORS, node.start, `${JSON.stringify(value)} is none of ${known.join(', ')}`);
  return value;
}

function readStatement(node: JsonNode, index: number, syntax: SyntaxContext): StatementDraft {
  const members = objectMembers(node, STATEMENT_KEYS, syntax);
  const effect = members.get('Effect');
  if (effect === undefined) syntax.fail(SYNTAX_ERRORS, node.start, 'the statement has no Effect');
  const effectText = stringValue(effect.value, syntax);
  if (!/^(allow|deny)$/i.test(effectText)) syntax.fail(SYNTAX_ERRORS, effect.value.start, 'Effect is neither Allow nor Deny');
  const sid = members.get('Sid');
  const condition = members.get('Condition');
  return {
    index,
    sid: sid === undefined ? undefined : { value: stringValue(sid.value, syntax), position: syntax.position(sid.value.start) },
    effectText,
    actions: matchList(members, 'Action', 'NotAction', syntax),
    resources: matchList(members, 'Resource', 'NotResource', syntax),
    principals: readPrincipals(members.get('Principal'), members.get('NotPrincipal'), node, syntax),
    conditions: condition === undefined ? [] : readConditions(condition.value, syntax),
    start: syntax.position(node.start),
    end: syntax.position(node.end),
  };
}

function matchList(members: ReadonlyMap<string, JsonMember>, name: string, negatedName: string, syntax: SyntaxContext): MatchList | undefined {
  const plain = members.get(name);
  const negated = members.get(negatedName);
  if (plain !== undefined && negated !== undefined) {
    syntax.fail(SYNTAX_ERRORS, negated.keyStart, `${name} and ${negatedName} exclude each other`);
  }
  const member = plain ?? negated;
  if (member === undefined) return undefined;
  return { negated: member === negated, values: stringList(member.value, syntax), position: syntax.position(member.keyStart) };
}

function finishStatement(draft: StatementDraft): Statement {
  const { index, sid, actions, resources, principals, conditions, start, end } = draft;
  if (actions === undefined) throw new Error('INVARIANT: checkPolicy refuses a statement without actions');
  return { index, sid, effect: draft.effectText === 'Allow' ? 'Allow' : 'Deny', actions, resources, principals, conditions, start, end };
}

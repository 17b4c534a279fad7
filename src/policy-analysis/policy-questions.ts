import {
  PolicySyntaxError,
  accessNotGranted,
  compilePolicy,
  explain,
  findingsIn,
  isPublic,
  newAccess,
  parsePolicy,
  type AccessAnswer,
  type AccessRequest,
  type CompiledPolicy,
  type Finding,
  type FindingsOptions,
  type NewAccess,
  type PolicyKind,
} from '../../libs/policy/index.ts';

/** A document that is asked about. */
export interface AskedDocument {
  /** What a refusal calls it: the member of the input that holds it. */
  readonly member: string;
  readonly text: string;
  /** What it can be; the first kind that it can be read as counts. */
  readonly kinds: readonly PolicyKind[];
}

/** Questions about policy documents that can take long, because documents can be made to. Plain data: they go to another thread. */
export type PolicyQuestion =
  | { readonly about: 'findings'; readonly text: string; readonly kind: PolicyKind; readonly options: FindingsOptions }
  | { readonly about: 'new access'; readonly before: AskedDocument; readonly after: AskedDocument }
  | {
      readonly about: 'access not granted';
      readonly policy: AskedDocument;
      readonly access: readonly { readonly actions?: readonly string[]; readonly resources?: readonly string[] }[];
    }
  | { readonly about: 'public access'; readonly policy: AskedDocument }
  | { readonly about: 'difference'; readonly before: AskedDocument; readonly after: AskedDocument };

/** A request that a policy allows. */
export interface ExampleRequest {
  readonly principalType: string;
  /** An ARN, a service or an identity provider; empty for anyone. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, readonly string[]>>;
}

/** Access that was looked for. */
export type Access =
  | { readonly found: false; readonly proof: 'exact' | 'approximate'; readonly reasons: readonly string[] }
  | {
      readonly found: true;
      readonly example: ExampleRequest;
      /** Statements of the policy that allow the example. */
      readonly statements: readonly { readonly index: number; readonly sid?: string }[];
    };

/** Answers by what was asked about. */
export interface PolicyAnswers {
  readonly findings: readonly Finding[];
  readonly 'new access': Access;
  readonly 'access not granted': Access;
  readonly 'public access': Access;
  readonly difference: { readonly gained: Access; readonly lost: Access };
}

/** The answer to a question, or why a document could not be read. */
export type PolicyAnswer<About extends keyof PolicyAnswers = keyof PolicyAnswers> =
  { readonly answer: PolicyAnswers[About] } | { readonly refused: string };

/** Answers a question; it can take seconds. */
export function answerPolicyQuestion(question: PolicyQuestion): PolicyAnswer {
  try {
    return { answer: answerTo(question) };
  } catch (error) {
    if (error instanceof UnreadableDocument) return { refused: error.message };
    throw error;
  }
}

function answerTo(question: PolicyQuestion): PolicyAnswers[keyof PolicyAnswers] {
  switch (question.about) {
    case 'findings':
      return findingsIn(question.text, question.kind, question.options);
    case 'new access': {
      const after = read(question.after);
      return accessIn(after, fromNewAccess(newAccess([read(question.before)], [after])));
    }
    case 'access not granted': {
      const policy = read(question.policy);
      return accessIn(policy, accessNotGranted([policy], question.access));
    }
    case 'public access': {
      const policy = read(question.policy);
      return accessIn(policy, isPublic(policy));
    }
    case 'difference': {
      const [before, after] = [read(question.before), read(question.after)];
      return {
        gained: accessIn(after, fromNewAccess(newAccess([before], [after]))),
        lost: accessIn(before, fromNewAccess(newAccess([after], [before]))),
      };
    }
    default:
      return question satisfies never;
  }
}

class UnreadableDocument extends Error {}

function read({ member, text, kinds }: AskedDocument): CompiledPolicy {
  let first: PolicySyntaxError | undefined;
  for (const kind of kinds) {
    try {
      return compilePolicy(parsePolicy(text, kind));
    } catch (error) {
      if (!(error instanceof PolicySyntaxError)) throw error;
      first ??= error;
    }
  }
  throw new UnreadableDocument(`${member}: ${first?.message} (line ${first?.line}, column ${first?.column})`);
}

function fromNewAccess(answer: NewAccess): AccessAnswer {
  return answer.newAccess ? { found: true, witness: answer.witness } : { found: false, proof: answer.proof, reasons: answer.reasons };
}

function accessIn(policy: CompiledPolicy, answer: AccessAnswer): Access {
  if (!answer.found) return { found: false, proof: answer.proof, reasons: answer.reasons };
  const { witness } = answer;
  const attached = { id: 'policy', policy };
  const { statements } = explain(
    { ...witness, resourceAccountId: '' },
    policy.kind === 'identity' ? { identity: [attached] } : { identity: [], resource: attached },
  );
  return {
    found: true,
    example: exampleOf(witness),
    statements: statements
      .filter(({ effect }) => effect === 'Allow')
      .map(({ statementIndex, sid }) => (sid === undefined ? { index: statementIndex } : { index: statementIndex, sid })),
  };
}

function exampleOf({ principal, action, resource, context }: AccessRequest): ExampleRequest {
  return {
    principalType: principal.type,
    principal: principal.arn || (principal.federatedProvider ?? ''),
    action,
    resource,
    context: Object.fromEntries([...context.keys()].map((key) => [key, context.get(key) ?? []])),
  };
}

import { Agent } from 'node:https';
import type { EvaluationResult, IAMClient, SimulateCustomPolicyCommandInput, SimulatePolicyResponse } from '@aws-sdk/client-iam';
import type { Command } from 'commander';
import { collect, parseTimeOrPosition, withExamples } from '../arguments.ts';
import type { ClientOptions } from '../client.ts';
import { ServerError, ServerUnreachable, WrongUsage } from '../failures.ts';
import type { Invocation, Start } from '../invocation.ts';
import { parseContext, type ContextOption } from './policy-context.ts';
import { readDocument } from './policy-lint.ts';

interface SimulateOptions {
  readonly principal?: string;
  readonly policy?: readonly string[];
  readonly boundary?: readonly string[];
  readonly resourcePolicy?: string;
  readonly caller?: string;
  readonly action: readonly string[];
  readonly resource?: readonly string[];
  readonly context?: ContextOption;
  readonly asOf?: string | number;
}

/** `iam-ledger policy simulate`: IAM's simulation, asked of the running server. */
export function addPolicySimulate(policy: Command, start: Start): void {
  const command = policy
    .command('simulate')
    .summary('ask whether actions would be allowed')
    .description(
      'Ask the running server whether actions would be allowed: to a user, group or role with what is attached to it, or by given policy documents',
    )
    .option('--principal <arn>', 'user, group or role whose policies decide')
    .option('--policy <file>', 'policy document that decides, or decides too; may be repeated', collect)
    .option('--boundary <file>', 'permissions boundary in place of the principal’s own; may be repeated', collect)
    .option('--resource-policy <file>', 'policy of the resources')
    .option('--caller <arn>', 'user who asks, where a resource policy decides, too')
    .requiredOption('--action <action>', 'such as s3:GetObject; may be repeated', collect)
    .option('--resource <arn>', 'resource (default: all); may be repeated', collect)
    .option('--context <key=value>', 'condition key of the request; may be repeated, also for several values of a key', parseContext)
    .option('--as-of <time>', 'decide with the policies of that time or position of the log', parseTimeOrPosition)
    .action(async (options: SimulateOptions, self: Command) => {
      const run = start(self);
      if (options.principal === undefined && options.policy === undefined)
        throw new WrongUsage('say whose policies decide with --principal, or which with --policy');
      const results = await simulate(run, options);
      if (run.json) return run.printJson({ EvaluationResults: results });
      run.printTable<EvaluationResult>(
        [
          { title: 'Action', value: ({ EvalActionName }) => EvalActionName },
          { title: 'Resource', value: ({ EvalResourceName }) => EvalResourceName },
          { title: 'Decision', value: ({ EvalDecision }) => EvalDecision },
          { title: 'By', value: reasonOf },
          { title: 'Missing context', value: ({ MissingContextValues = [] }) => MissingContextValues.join(' ') },
        ],
        results,
      );
    });
  withExamples(
    command,
    'iam-ledger policy simulate --principal arn:aws:iam::000000000001:user/alice --action s3:GetObject --resource arn:aws:s3:::reports/2026.csv',
    'iam-ledger policy simulate --policy policy.json --action iam:PassRole --context iam:PassedToService=ec2.amazonaws.com --json',
  );
}

/** The statements that decided, with the line where each begins; else what stood in the way. */
function reasonOf({ MatchedStatements = [], PermissionsBoundaryDecisionDetail, OrganizationsDecisionDetail }: EvaluationResult): string {
  const statements = MatchedStatements.map(({ SourcePolicyId = '?', StartPosition }) =>
    StartPosition?.Line === undefined ? SourcePolicyId : `${SourcePolicyId}:${StartPosition.Line}`,
  );
  if (OrganizationsDecisionDetail?.AllowedByOrganizations === false) statements.push('(organization)');
  if (PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary === false) statements.push('(permissions boundary)');
  return statements.join(' ');
}

async function simulate(run: Invocation, options: SimulateOptions): Promise<readonly EvaluationResult[]> {
  const connection = await run.connection();
  const { SimulateCustomPolicyCommand, SimulatePrincipalPolicyCommand } = await import('@aws-sdk/client-iam');
  const client = await iamClient(connection, options.asOf);
  const input = inputOf(run, options);
  const policies = options.policy?.map((file) => readDocument(file, run));
  const results: EvaluationResult[] = [];
  try {
    for (let marker: string | undefined, more = true; more;) {
      const page = { ...input, ...(marker === undefined ? {} : { Marker: marker }) };
      const answer: SimulatePolicyResponse =
        options.principal === undefined
          ? await client.send(new SimulateCustomPolicyCommand({ ...page, PolicyInputList: policies ?? [] }))
          : await client.send(
              new SimulatePrincipalPolicyCommand({
                ...page,
                PolicySourceArn: options.principal,
                ...(policies === undefined ? {} : { PolicyInputList: policies }),
              }),
            );
      results.push(...(answer.EvaluationResults ?? []));
      marker = answer.Marker;
      more = answer.IsTruncated === true && marker !== undefined;
    }
  } catch (error) {
    throw failureOf(error, connection);
  } finally {
    client.destroy();
  }
  return results;
}

function inputOf(
  run: Invocation,
  { boundary, resourcePolicy, caller, action, resource, context }: SimulateOptions,
): Omit<SimulateCustomPolicyCommandInput, 'PolicyInputList'> {
  return {
    ActionNames: [...action],
    ...(resource === undefined ? {} : { ResourceArns: [...resource] }),
    ...(boundary === undefined ? {} : { PermissionsBoundaryPolicyInputList: boundary.map((file) => readDocument(file, run)) }),
    ...(resourcePolicy === undefined ? {} : { ResourcePolicy: readDocument(resourcePolicy, run) }),
    ...(caller === undefined ? {} : { CallerArn: caller }),
    ...(context === undefined
      ? {}
      : {
          ContextEntries: Object.entries(context).map(([ContextKeyName, values]) => ({
            ContextKeyName,
            ContextKeyValues: [...values],
            ContextKeyType: values.length === 1 ? ('string' as const) : ('stringList' as const),
          })),
        }),
  };
}

/** AWS's own client, pointed at the server; `asOf` goes along as a signed header. */
async function iamClient(
  { endpoint, region, credentials, certificateAuthorities }: ClientOptions,
  asOf: string | number | undefined,
): Promise<IAMClient> {
  const { IAMClient: Client } = await import('@aws-sdk/client-iam');
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const client = new Client({
    endpoint: endpoint.href,
    region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    ...(certificateAuthorities === undefined ? {} : { requestHandler: { httpsAgent: new Agent({ ca: certificateAuthorities }) } }),
  });
  if (asOf === undefined) return client;
  client.middlewareStack.add(
    (next) => (call) => {
      (call.request as { headers: Record<string, string> }).headers['x-iam-ledger-as-of'] = String(asOf);
      return next(call);
    },
    { step: 'build', name: 'asOf' },
  );
  return client;
}

/** What the SDK throws, as the other commands tell it; what was sent and has no status found no server. */
function failureOf(error: unknown, { endpoint }: ClientOptions): unknown {
  const { name, message, code, $metadata } = error as Error & { readonly code?: string; readonly $metadata?: { readonly httpStatusCode?: number } };
  if ($metadata === undefined) return error;
  return $metadata.httpStatusCode === undefined
    ? new ServerUnreachable(endpoint.href, code ?? message)
    : new ServerError(name, $metadata.httpStatusCode, message);
}

import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsOptional, Matches } from 'class-validator';
import { AccessDenied, NoSuchEntity, ValidationError, accountIdOf, parseArn } from '../../../libs/aws/index.ts';
import type { Ledger } from '../../../libs/ledger/index.ts';
import { answerQuestion, type Decided } from '../../authorization/answer-question.ts';
import { accountArn } from '../../iam/account-arn.ts';
import type { Account } from '../../iam/account.ts';
import type { Caller } from '../../iam/call.ts';
import { AwsCommand, operation, type Operation } from '../../iam/operation.ts';
import type { AccountStates } from '../account-states.ts';
import { parseMoment, type Moment } from '../past/moment.ts';
import { messageOf } from './authorization-message.ts';
import { callerOfArn } from './caller-of-arn.ts';
import { DecisionSample, type DecisionSampleSettings } from './decision-sample.ts';
import { readQuestion, type Question } from './question.ts';

/** Questions of one request. */
const questionsMax = 1000;

/** A statement that applied, and where it stands. */
export interface AppliedStatement {
  /** ARN of a managed policy, `user/Bob/inline/Name`, `role/Deploy/trust` … */
  readonly PolicyId: string;
  readonly Layer: string;
  readonly StatementIndex: number;
  readonly Sid?: string;
  readonly Effect: string;
  readonly Line: number;
  readonly Column: number;
}

/** One answer. */
export interface DecisionView {
  /** Who was asked about; an access key is told as whom it stands for. */
  readonly PrincipalArn: string;
  readonly Decision: Decided['outcome'];
  /** With `Explain`: the layer that stood in the way, the statements that applied, and the condition keys that policies asked for and nobody gave. */
  readonly BlockedBy?: string;
  readonly Statements?: readonly AppliedStatement[];
  readonly MissingContextKeys?: readonly string[];
  /** With `Explain`, of a refusal: the reasons, sealed; who may call `sts:DecodeAuthorizationMessage` reads them. To be shown to who was refused. */
  readonly EncodedAuthorizationMessage?: string;
}

/** Decides for an application that asks: may this principal do this on that? */
export class Authorize extends AwsCommand<{ Decisions: DecisionView[] }> {
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(questionsMax) Requests!: unknown[];
  @IsBoolean() Explain: boolean = false;
  /** A time with a zone or a position: decides on the account as it was. */
  @Matches(/^.{1,64}$/, { message: 'AsOf must be a time with a zone or a position' }) @IsOptional() AsOf?: string;
}

export interface AuthorizeParts {
  readonly states: AccountStates;
  readonly ledger: Pick<Ledger, 'head'>;
  /** Who an access key stands for; `undefined` where nobody may sign with it. */
  readonly identify: (accessKeyId: string, sessionToken: string | undefined, now: Date) => Caller | undefined;
  readonly sample: DecisionSampleSettings;
}

/** `/v1/authorize`: authorized like any call (`iam-ledger:Authorize`), recorded as a data event. */
export function authorizeOperation({ states, ledger, identify, sample: settings }: AuthorizeParts): Operation {
  const sample = new DecisionSample(settings);
  return operation(
    Authorize,
    {
      resource: (_command, account) => accountArn(account),
      async inquire({ Requests, Explain, AsOf }, account, call) {
        const questions = Requests.map(readQuestion);
        const moment = AsOf === undefined ? undefined : parseMoment(AsOf, call.now, ledger.head());
        const accountOf = accountsAt(states, account, moment);
        const resourceAccount = accountsAt(states, undefined, moment);
        const Decisions: DecisionView[] = [];
        for (const [index, question] of questions.entries()) {
          const caller = identified(question, identify, call.now) ?? arnCaller(question, await accountOf(accountIdIn(question)));
          const principals = await accountOf(caller.accountId);
          const asked = { ...question, resourceAccountId: question.resourceAccountId ?? accountInArn(question.resource) ?? caller.accountId };
          const sides = {
            callerAccount: principals,
            account: states.account(asked.resourceAccountId) === undefined ? principals : await resourceAccount(asked.resourceAccountId),
          };
          const decided = answerQuestion(caller, sides, asked, call.now, Explain);
          sample.note(caller, question, decided.outcome, call.now);
          const message = messageOf(caller, question, decided, account.id);
          const sealed = message === undefined ? undefined : call.secrets.sealMessage(JSON.stringify(message), `${call.request.eventId}|${index}`);
          Decisions.push({ ...view(caller, decided), ...(sealed === undefined ? {} : { EncodedAuthorizationMessage: sealed }) });
        }
        return { Decisions };
      },
      record: ({ Requests }) => {
        const data = sample.take();
        return data === undefined ? undefined : { requestParameters: { requests: Requests.length }, data };
      },
    },
    'iam-ledger',
  ) as unknown as Operation;
}

function identified({ accessKeyId, sessionToken }: Question, identify: AuthorizeParts['identify'], now: Date): Caller | undefined {
  if (accessKeyId === undefined) return undefined;
  const caller = identify(accessKeyId, sessionToken, now);
  if (caller === undefined)
    throw new NoSuchEntity(
      `The access key ${accessKeyId.slice(0, 32)} stands for nobody: it is unknown, inactive or expired, or its session token does not fit.`,
    );
  return caller;
}

function arnCaller({ principalArn }: Question, account: Account): Caller {
  const caller = callerOfArn(account, principalArn!); // readQuestion: there is an ARN where there is no access key
  if (caller === undefined) throw new NoSuchEntity(`The principal ${principalArn!.slice(0, 256)} is not in account ${account.id}.`);
  return caller;
}

const accountIdIn = ({ principalArn, accessKeyId }: Question): string =>
  (principalArn === undefined ? accountIdOf(accessKeyId!) : parseArn(principalArn)?.accountId) ?? ''; // one of the two is there

const accountInArn = (resource: string): string | undefined => {
  const accountId = parseArn(resource)?.accountId;
  return accountId !== undefined && /^\d{12}$/.test(accountId) ? accountId : undefined;
};

/** The accounts that may be asked about — the asker's own; every one for the management account, or where nobody in particular asks — now or as they were. Each is looked up once. */
function accountsAt(states: AccountStates, asker: Account | undefined, moment: Moment | undefined): (accountId: string) => Promise<Account> {
  const found = new Map<string, Account>();
  const governs = asker === undefined || states.organization.state.managementAccountId === asker.id;
  return async (accountId) => {
    const known = found.get(accountId);
    if (known !== undefined) return known;
    if (!governs && accountId !== asker.id)
      throw new AccessDenied(`Only the management account may ask about the principals of account ${accountId}.`);
    const account = moment === undefined ? states.account(accountId) : await states.at(accountId, moment);
    if (account === undefined) throw new ValidationError(`Account ${accountId} is not an account of this server.`);
    found.set(accountId, account);
    return account;
  };
}

function view({ arn }: Caller, { outcome, explanation }: Decided): DecisionView {
  if (explanation === undefined) return { PrincipalArn: arn, Decision: outcome };
  return {
    PrincipalArn: arn,
    Decision: outcome,
    ...(explanation.blockedBy === undefined ? {} : { BlockedBy: explanation.blockedBy }),
    Statements: explanation.statements.map(({ policyId, layer, statementIndex, sid, effect, start }) => ({
      PolicyId: policyId,
      Layer: layer,
      StatementIndex: statementIndex,
      ...(sid === undefined ? {} : { Sid: sid }),
      Effect: effect,
      Line: start.line,
      Column: start.column,
    })),
    MissingContextKeys: explanation.missingContextKeys,
  };
}

import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min, ValidateBy } from 'class-validator';
import { AwsCommand } from '../iam/operation.ts';

/** Inputs of the operations on sagas. */

const IsKind = (): PropertyDecorator => Matches(/^[a-z-]{1,64}$/, { message: 'Kind must be lower case letters and dashes' });
const IsInstance = (): PropertyDecorator =>
  Matches(/^[A-Za-z0-9._-]{1,128}$/, { message: 'Instance must be 1 to 128 letters, digits, dots, dashes' });
const IsReason = (): PropertyDecorator => Length(1, 1024, { message: 'Reason must be 1 to 1024 characters' });
const IsTime = (): PropertyDecorator =>
  Matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/, {
    message: 'it must be a time with a zone, such as 2026-01-01T00:00:00Z',
  });
const isSettings = (value: unknown): boolean => typeof value === 'object' && value !== null;
const IsRunId = (): PropertyDecorator => Matches(/^[0-9a-f-]{36}$/, { message: 'it must be the id of a run' });

/** The kinds of sagas, and their instances in the account. */
export class ListSagas extends AwsCommand<unknown> {
  @IsKind() @IsOptional() Kind?: string;
  @IsIn(['UnderWay', 'Over', 'All']) Show: 'UnderWay' | 'Over' | 'All' = 'UnderWay';
  /** Only those that this run began. */
  @IsRunId() @IsOptional() RunId?: string;
  @IsInt() @Min(1) @Max(1000) MaxResults: number = 100;
  /** `NextCursor` of the page before. */
  @IsString() @Length(1, 256) @IsOptional() Cursor?: string;
}

/** One instance with all its events. */
export class DescribeSaga extends AwsCommand<unknown> {
  @IsKind() Kind!: string;
  @IsInstance() Instance!: string;
}

/** A dry run: plans, keeps the plan, begins nothing. */
export class PlanSagaRun extends AwsCommand<unknown> {
  @IsKind() Kind!: string;
}

/** A run now. With `PlanId`, of nothing but that plan; with `StartsMax`, up to so many in place of the caps. */
export class StartSagaRun extends AwsCommand<unknown> {
  @IsKind() Kind!: string;
  @IsRunId() @IsOptional() PlanId?: string;
  @IsInt() @Min(1) @Max(1_000_000) @IsOptional() StartsMax?: number;
}

/** Runs of the account, newest first, and those that were skipped. */
export class ListSagaRuns extends AwsCommand<unknown> {
  @IsKind() @IsOptional() Kind?: string;
  @IsInt() @Min(1) @Max(500) MaxResults: number = 50;
}

/** What runs, plans and instances came to from `StartTime` (30 days before its end where not given) to `EndTime` (now). */
export class ReportSagas extends AwsCommand<unknown> {
  @IsKind() @IsOptional() Kind?: string;
  /** RFC 3339, both ends included; at most 400 days. */
  @IsTime() @IsOptional() StartTime?: string;
  @IsTime() @IsOptional() EndTime?: string;
  /** Single items; what is left off is told. */
  @IsInt() @Min(0) @Max(10_000) MaxResults: number = 100;
}

/** A run with its plan, item by item from `Offset` on. */
export class DescribeSagaRun extends AwsCommand<unknown> {
  @IsKind() Kind!: string;
  @IsRunId() RunId!: string;
  @IsInt() @Min(0) Offset: number = 0;
  @IsInt() @Min(1) @Max(1000) MaxResults: number = 1000;
}

/** Stops one instance, a kind, or (without `Kind`) all sagas of the account; `AllAccounts`, for the management account, in all. */
export class PauseSagas extends AwsCommand<unknown> {
  @IsKind() @IsOptional() Kind?: string;
  @IsInstance() @IsOptional() Instance?: string;
  @IsBoolean() AllAccounts: boolean = false;
  @IsReason() Reason!: string;
}

/** Takes exactly such a pause back; `ConfirmClock` says that the clock of the server is right. */
export class ResumeSagas extends AwsCommand<unknown> {
  @IsKind() @IsOptional() Kind?: string;
  @IsInstance() @IsOptional() Instance?: string;
  @IsBoolean() AllAccounts: boolean = false;
  @IsBoolean() ConfirmClock: boolean = false;
  @IsReason() Reason!: string;
}

/** Ends an instance; the saga takes back what can be taken back. */
export class CancelSaga extends AwsCommand<unknown> {
  @IsKind() Kind!: string;
  @IsInstance() Instance!: string;
  @IsReason() Reason!: string;
}

/** A person's yes to what an instance asks for. */
export class ApproveSaga extends CancelSaga {}

/** Gives back what an instance took, also after it is over: all of it, or parts such as `groups` and `attached-policies/arn:…`. */
export class RestoreSaga extends CancelSaga {
  @IsString({ each: true }) @Length(1, 2200, { each: true }) @ArrayMaxSize(100) @IsArray() @IsOptional() Parts?: string[];
}

/** The settings of a kind in the account, or its `exemptions`. */
export class GetSagaSettings extends AwsCommand<unknown> {
  @IsKind() Name!: string;
}

/** Puts settings in place of those before; they act at once. */
export class PutSagaSettings extends AwsCommand<unknown> {
  @IsKind() Name!: string;
  /** An object; for `exemptions` a list. */
  @ValidateBy({
    name: 'isSettings',
    validator: { validate: isSettings, defaultMessage: () => 'Settings must be an object, or a list of exemptions' },
  })
  Settings!: unknown;
  @IsReason() Reason!: string;
}

import { InvalidInput } from '../../../libs/aws/index.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsAccessGranularity, IsArn } from '../shapes.ts';
import { hasJobForm, sealJob } from './job-id.ts';
import { entityOfArn } from './report-entity.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateServiceLastAccessedDetails.html */
export class GenerateServiceLastAccessedDetails extends IamCommand<{ JobId: string }> {
  @IsArn() Arn!: string;
  @IsAccessGranularity() Granularity: 'SERVICE_LEVEL' | 'ACTION_LEVEL' = 'SERVICE_LEVEL';
}

/** There is nothing to generate: the report is read from the access history when it is asked for. The job id is the sealed question. */
export const generateServiceLastAccessedDetails = operation(GenerateServiceLastAccessedDetails, {
  resource: ({ Arn }) => Arn,
  answer({ Arn, Granularity }, account, call) {
    const { kind, id } = entityOfArn(account, Arn);
    if (!hasJobForm(id)) throw new InvalidInput(`The unique id of ${Arn} is not one that a report can be made for.`);
    const createdAt = Math.floor(call.now.getTime() / 1000);
    return { JobId: sealJob({ kind, idTail: id.slice(4), granularity: Granularity, createdAt }, account, call) };
  },
});

import type { EvaluationResult } from '@aws-sdk/client-iam';
import { IsOptional } from 'class-validator';
import { PagedIamCommand } from '../paging.ts';
import {
  IsActionNames,
  IsContextEntries,
  IsPolicyDocument,
  IsResourceHandlingOption,
  IsResourceName,
  IsResourceNames,
  IsSimulationPolicies,
} from '../shapes.ts';
import type { ContextEntry } from './simulated-context.ts';

/** IAM API, `SimulatePolicyResponse`. */
export interface SimulatePolicyResponse {
  readonly EvaluationResults: EvaluationResult[];
  readonly IsTruncated: boolean;
  readonly Marker?: string;
}

/** What `SimulateCustomPolicy` and `SimulatePrincipalPolicy` have in common. */
export abstract class SimulatePolicyCommand extends PagedIamCommand<SimulatePolicyResponse> {
  @IsSimulationPolicies() @IsOptional() PermissionsBoundaryPolicyInputList?: string[];
  @IsActionNames() ActionNames!: string[];
  @IsResourceNames() @IsOptional() ResourceArns?: string[];
  @IsPolicyDocument() @IsOptional() ResourcePolicy?: string;
  @IsResourceName() @IsOptional() ResourceOwner?: string;
  @IsResourceName() @IsOptional() CallerArn?: string;
  @IsContextEntries() @IsOptional() ContextEntries?: ContextEntry[];
  @IsResourceHandlingOption() @IsOptional() ResourceHandlingOption?: string;
}

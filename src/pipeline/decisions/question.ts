import { ValidationError, parseArn } from '../../../libs/aws/index.ts';

/** One question of `/v1/authorize`: may this principal do this? */
export interface Question {
  /** Who: an ARN (user, role, role session, root) … */
  readonly principalArn: string | undefined;
  /** … or an access key, with its session token where it is temporary. */
  readonly accessKeyId: string | undefined;
  readonly sessionToken: string | undefined;
  readonly action: string;
  readonly resource: string;
  readonly resourceAccountId: string | undefined;
  /** The resource's own policy, if it has one. */
  readonly resourcePolicy: string | undefined;
  readonly context: ReadonlyMap<string, string | readonly string[]>;
}

const members = ['PrincipalArn', 'AccessKeyId', 'SessionToken', 'Action', 'Resource', 'ResourceAccountId', 'ResourcePolicy', 'Context'];
/** AWS's longest name of a resource, and of an action. */
const resourceCharactersMax = 2_048;
const actionCharactersMax = 128;
/** AWS's largest policy of a resource is that of a KMS key. */
const policyCharactersMax = 32_768;
const tokenCharactersMax = 131_072;
const contextKeysMax = 200;
const contextValuesMax = 100;
/** What a decision costs grows with the length of what is compared; AWS's own values are shorter. */
const contextValueCharactersMax = 2_048;

/** What the server knows itself of a principal: nobody may say otherwise. */
const reservedKeys = /^aws:(principal|userid$|username$|sourceidentity$|tokenissuetime$|multifactorauth)/i;

/** @throws ValidationError that names the member: `Requests[3].Action must be a text` */
export function readQuestion(value: unknown, index: number): Question {
  const at = `Requests[${index}]`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ValidationError(`${at} must be an object.`);
  const given = value as Record<string, unknown>;
  const unknown = Object.keys(given).find((name) => !members.includes(name));
  if (unknown !== undefined) throw new ValidationError(`${at} has no member '${unknown.slice(0, 64)}'; it has ${members.join(', ')}.`);
  const text = (name: string, charactersMax: number): string | undefined => {
    const found = given[name];
    if (found === undefined) return undefined;
    if (typeof found !== 'string' || found === '' || found.length > charactersMax)
      throw new ValidationError(`${at}.${name} must be a text of 1 to ${charactersMax} characters.`);
    return found;
  };
  const [principalArn, accessKeyId] = [text('PrincipalArn', resourceCharactersMax), text('AccessKeyId', actionCharactersMax)];
  if ((principalArn === undefined) === (accessKeyId === undefined)) throw new ValidationError(`${at} must have either PrincipalArn or AccessKeyId.`);
  if (principalArn !== undefined && parseArn(principalArn) === undefined) throw new ValidationError(`${at}.PrincipalArn is not an ARN.`);
  const action = text('Action', actionCharactersMax);
  if (action === undefined) throw new ValidationError(`${at}.Action is missing.`);
  if (!/^[a-z0-9-]+:[a-z0-9]+$/i.test(action)) throw new ValidationError(`${at}.Action must be an action such as s3:GetObject.`);
  const resourceAccountId = text('ResourceAccountId', actionCharactersMax);
  if (resourceAccountId !== undefined && !/^\d{12}$/.test(resourceAccountId)) throw new ValidationError(`${at}.ResourceAccountId must be 12 digits.`);
  return {
    principalArn,
    accessKeyId,
    sessionToken: text('SessionToken', tokenCharactersMax),
    action,
    resource: text('Resource', resourceCharactersMax) ?? '*',
    resourceAccountId,
    resourcePolicy: text('ResourcePolicy', policyCharactersMax),
    context: readContext(given['Context'], at),
  };
}

/** Condition keys as an application gives them. `at`: what its error messages begin with. */
export function readContext(value: unknown, at: string): Question['context'] {
  if (value === undefined) return new Map();
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ValidationError(`${at}.Context must be an object of condition keys.`);
  const entries = Object.entries(value);
  if (entries.length > contextKeysMax) throw new ValidationError(`${at}.Context may have at most ${contextKeysMax} keys.`);
  return new Map(
    entries.map(([key, given]) => {
      if (reservedKeys.test(key)) throw new ValidationError(`${at}.Context must not say ${key}: the server knows it of the principal.`);
      const values = Array.isArray(given) ? given : [given];
      if (!values.every((each) => ['string', 'number', 'boolean'].includes(typeof each)))
        throw new ValidationError(`${at}.Context.${key} must be a text, number or boolean, or a list of them.`);
      if (values.length > contextValuesMax || values.some((each) => String(each).length > contextValueCharactersMax))
        throw new ValidationError(
          `${at}.Context.${key} may have at most ${contextValuesMax} values of at most ${contextValueCharactersMax} characters.`,
        );
      return [key, Array.isArray(given) ? values.map(String) : String(given)] as const;
    }),
  );
}

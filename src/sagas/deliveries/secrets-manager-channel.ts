import { signRequest } from '../../../libs/aws/index.ts';
import { uuidv5 } from '../../../libs/ledger/index.ts';
import { EffectFailed } from '../effect-port.ts';
import { fillIn, type Delivery, type DeliveryChannel } from './channel.ts';
import { callHttp, member, type HttpAnswer } from './http-call.ts';

export interface SecretsManagerSettings {
  /** Of AWS, or of anything that speaks its API: `https://secretsmanager.eu-west-1.amazonaws.com`. */
  readonly endpoint: string;
  readonly region: string;
  /** Name or ARN of the secret: `iam-ledger/{accountId}/{userId}`. */
  readonly secretId: string;
  /** Whether a secret that is not there is made. */
  readonly create: boolean;
  /** Read anew for every delivery. */
  readonly credentials: () => { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
}

/** Namespace of the tokens: the same access key has the same token, so its version is put once however often it is delivered. */
const tokens = 'e1f3a0a4-6f0b-5f57-9c39-6a2f4c5c2f10';
const transient: ReadonlySet<string> = new Set(['InternalServiceError', 'InternalServiceErrorException', 'ThrottlingException', 'Throttling']);

/**
 * AWS Secrets Manager: the key becomes the secret's current version
 * (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html). The version before stays as `AWSPREVIOUS`.
 */
export function secretsManagerChannel(settings: SecretsManagerSettings): DeliveryChannel {
  return {
    async deliver(delivery) {
      const ClientRequestToken = uuidv5(tokens, delivery.accessKeyId);
      const secret = { AccessKeyId: delivery.accessKeyId, SecretAccessKey: delivery.revealSecret() };
      const name = fillIn(settings.secretId, delivery);
      const value = { ClientRequestToken, SecretString: JSON.stringify(secret) };
      let answer = await call(settings, delivery, 'PutSecretValue', { SecretId: name, ...value, VersionStages: ['AWSCURRENT'] });
      if (settings.create && codeOf(answer) === 'ResourceNotFoundException')
        answer = await call(settings, delivery, 'CreateSecret', { Name: name, ...value });
      if (answer.status !== 200) throw refusal(answer);
      if (member(answer.json, 'VersionId') !== ClientRequestToken)
        throw new EffectFailed('SecretsManagerAnswer', 'Secrets Manager confirms another version than was put.', true);
      return { acknowledged: true };
    },
  };
}

function call(
  { endpoint, region, credentials }: SecretsManagerSettings,
  { now, signal }: Delivery,
  operation: string,
  input: object,
): Promise<HttpAnswer> {
  const url = new URL(endpoint);
  const body = JSON.stringify(input);
  const { headers } = signRequest(
    {
      method: 'POST',
      target: '/',
      headers: { host: url.host, 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `secretsmanager.${operation}` },
      body: Buffer.from(body),
    },
    { ...credentials(), region, service: 'secretsmanager', now },
  );
  return callHttp({ method: 'POST', url, headers, body, signal });
}

/** `ResourceNotFoundException`, also where it comes with its namespace. */
function codeOf({ json }: HttpAnswer): string {
  const type = member(json, '__type');
  const code = typeof type === 'string' ? (type.split('#').at(-1) ?? '') : '';
  return /^[A-Za-z]{1,64}$/.test(code) ? code : '';
}

function refusal(answer: HttpAnswer): EffectFailed {
  const code = codeOf(answer) || `Http${answer.status}`;
  return new EffectFailed(
    code,
    `Secrets Manager answered ${answer.status} ${code}.`,
    answer.status >= 500 || answer.status === 429 || transient.has(code),
  );
}

import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { EffectFailed } from '../effect-port.ts';
import { problemOfTemplate, type DeliveryChannel } from './channel.ts';
import { problemOfUrl } from './http-call.ts';
import { machineFileChannel } from './machine-file.ts';
import { secretsManagerChannel, type SecretsManagerSettings } from './secrets-manager-channel.ts';
import { vaultChannel } from './vault.ts';
import { webhookChannel } from './webhook.ts';

/** The channel that is always there by name; where it works, the server makes it. */
export const pickUpName = 'pick-up';

const channelsMax = 100;

/**
 * Reads the channels of `sagas.deliveriesFile`: an object of name → `{"kind": "vault" | "secrets-manager" | "webhook" | "file", …}`, see docs/rotation.md.
 * What a channel proves itself with stands in files or the environment, never here, and is read anew for every delivery.
 *
 * @throws Error that names the channel and what would be right
 */
export function parseChannels(text: string, env: Readonly<Record<string, string | undefined>>): ReadonlyMap<string, DeliveryChannel> {
  const given = Object.entries(new Members(parseJson(text), 'the deliveries').all());
  if (given.length > channelsMax) throw new Error(`There are ${given.length} delivery channels; ${channelsMax} is the most.`);
  return new Map(
    given.map(([name, value]) => {
      if (!/^[a-z0-9-]{1,64}$/.test(name) || name === pickUpName)
        throw new Error(`'${name.slice(0, 64)}' can not be the name of a delivery channel.`);
      const members = new Members(value, `delivery ${name}`);
      const channel = channelOf(members, env);
      members.refuseOthers();
      return [name, channel];
    }),
  );
}

function channelOf(members: Members, env: Readonly<Record<string, string | undefined>>): DeliveryChannel {
  const kind = members.text('kind');
  switch (kind) {
    case 'vault':
      return vaultChannel({
        url: members.url('url'),
        mount: members.text('mount', /^[\w./-]{1,128}$/),
        path: members.template('path'),
        namespace: members.optionalText('namespace'),
        token: members.secret('token', env),
      });
    case 'secrets-manager':
      return secretsManagerChannel({
        endpoint: members.url('endpoint'),
        region: members.text('region', /^[a-z0-9-]{1,64}$/),
        secretId: members.template('secretId'),
        create: members.flag('create'),
        credentials: credentialsOf(members.secret('credentials', env)),
      });
    case 'webhook':
      return webhookChannel({ url: members.url('url'), signingKey: members.secret('signingKey', env) });
    case 'file':
      return machineFileChannel({
        directory: members.directory('directory'),
        file: members.template('file'),
        profile: members.optionalText('profile') ?? 'default',
      });
    default:
      throw new Error(`${members.name}.kind must be one of vault, secrets-manager, webhook, file.`);
  }
}

/** `{"accessKeyId": …, "secretAccessKey": …, "sessionToken"?: …}` */
function credentialsOf(read: () => string): SecretsManagerSettings['credentials'] {
  return () => {
    try {
      const { accessKeyId, secretAccessKey, sessionToken } = JSON.parse(read()) as Record<string, unknown>;
      if (typeof accessKeyId === 'string' && typeof secretAccessKey === 'string')
        return { accessKeyId, secretAccessKey, ...(typeof sessionToken === 'string' ? { sessionToken } : {}) };
    } catch (error) {
      if (error instanceof EffectFailed) throw error;
    }
    throw new EffectFailed('NoCredentials', 'The credentials for Secrets Manager are not JSON with accessKeyId and secretAccessKey.', false);
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error('The deliveries are no JSON.');
  }
}

/** The members of one channel, as they are asked for; those that nobody asked for are refused. */
class Members {
  readonly name: string;
  readonly #given: Readonly<Record<string, unknown>>;
  readonly #asked = new Set<string>();

  constructor(value: unknown, name: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${name} must be an object.`);
    this.name = name;
    this.#given = value as Readonly<Record<string, unknown>>;
  }

  all(): Readonly<Record<string, unknown>> {
    return this.#given;
  }

  text(member: string, pattern = /^.{1,500}$/): string {
    const value = this.#ask(member);
    if (typeof value !== 'string' || !pattern.test(value)) throw new Error(`${this.name} must have a ${member}.`);
    return value;
  }

  optionalText(member: string): string | undefined {
    return this.#ask(member) === undefined ? undefined : this.text(member, /^[\w ./@-]{1,128}$/);
  }

  flag(member: string): boolean {
    const value = this.#ask(member) ?? false;
    if (typeof value !== 'boolean') throw new Error(`${this.name}.${member} must be true or false.`);
    return value;
  }

  url(member: string): string {
    const value = this.text(member, /^.{1,2000}$/);
    const problem = problemOfUrl(value);
    if (problem !== undefined) throw new Error(`${this.name}.${member} ${problem}.`);
    return value;
  }

  template(member: string): string {
    const value = this.text(member);
    const problem = problemOfTemplate(value);
    if (problem !== undefined) throw new Error(`${this.name}.${member} ${problem}.`);
    return value;
  }

  directory(member: string): string {
    const value = this.text(member);
    if (!isAbsolute(value)) throw new Error(`${this.name}.${member} must be the whole path of a directory.`);
    return value;
  }

  /** From `<member>File` or from the variable that `<member>Environment` names. */
  secret(member: string, env: Readonly<Record<string, string | undefined>>): () => string {
    const [file, variable] = [this.#ask(`${member}File`), this.#ask(`${member}Environment`)];
    if (typeof file === 'string' && variable === undefined) return () => readSecret(file);
    if (typeof variable === 'string' && file === undefined) return () => fromEnvironment(env, variable);
    throw new Error(`${this.name} must have ${member}File or ${member}Environment.`);
  }

  refuseOthers(): void {
    const other = Object.keys(this.#given).find((member) => !this.#asked.has(member));
    if (other !== undefined) throw new Error(`${this.name} has no member '${other.slice(0, 64)}'.`);
  }

  #ask(member: string): unknown {
    this.#asked.add(member);
    return this.#given[member];
  }
}

function readSecret(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new EffectFailed('NoCredentials', `${file} can not be read: ${(error as NodeJS.ErrnoException).code}.`, true);
  }
}

function fromEnvironment(env: Readonly<Record<string, string | undefined>>, variable: string): string {
  const value = env[variable];
  if (value === undefined || value === '') throw new EffectFailed('NoCredentials', `The environment has no ${variable}.`, false);
  return value;
}

import { sendBytes, formType, type Answer, type RawHttpRequest, type SignedClient } from '../../support/signed-client.ts';
import type { TestServer } from '../../support/server.ts';

/** What a row is tried on: a server with an administrator, the user `Bob`, the group `Staff`, the role `Deploy` (which anybody of the account may assume). */
export interface World {
  readonly server: TestServer;
  readonly admin: SignedClient;
  readonly bob: SignedClient;
}

/** One concrete request of a row. */
export interface BadInput {
  /** What is tried, to tell it from the others of its row. */
  readonly of: string;
  /** `400 ValidationError`, or what status and code must look like; what the row says where it is not given. */
  readonly expected?: string | RegExp;
  /** Why that differs from the row. */
  readonly why?: string;
  /** Types of the events that the sending may leave although it is refused: of what won against it. */
  readonly leaves?: readonly string[];
  /** Makes ready what the request needs, and answers how to send it. Only what the sending leaves in the log counts. */
  readonly prepare: (world: World) => Promise<() => Promise<Answer>>;
}

/** The requests of a row, or why there are none: what does not exist yet, or where the row is tested better. */
export type Rows = Readonly<Record<string, readonly BadInput[] | string>>;

interface Differs {
  readonly expected?: string | RegExp;
  readonly why?: string;
}

/** A request that needs nothing made ready. */
export const sending = (of: string, send: (world: World) => Promise<Answer>, differs: Differs = {}): BadInput => ({
  of,
  ...differs,
  prepare: async (world) => () => send(world),
});

/** An IAM call by the administrator. */
export const iam = (action: string, input: Readonly<Record<string, unknown>>, differs: Differs = {}): BadInput =>
  sending(`${action} ${brief(JSON.stringify(input))}`, ({ admin }) => admin.iam(action, input), differs);

export const sts = (action: string, input: Readonly<Record<string, unknown>>, differs: Differs = {}): BadInput =>
  sending(`${action} ${brief(JSON.stringify(input))}`, ({ admin }) => admin.sts(action, input), differs);

/** The same member with several values. */
export const each = (values: readonly unknown[], make: (value: unknown) => BadInput): readonly BadInput[] => values.map(make);

/** A signed request with this body, byte for byte. */
export const body = (
  text: string | Uint8Array,
  differs: Differs & {
    readonly type?: string | null;
    readonly method?: string;
    readonly target?: string;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): BadInput => {
  const { type = formType, method = 'POST', target = '/', headers = {}, ...expectations } = differs;
  const bytes = Buffer.from(text);
  return sending(
    `${method} ${target} ${type ?? 'no type'} ${brief(bytes.toString())}`,
    ({ admin }) =>
      admin.send(admin.sign({ method, target, body: bytes, headers: { ...(type === null ? {} : { 'content-type': type }), ...headers } }, 'iam')),
    expectations,
  );
};

/** A rightly signed `GetUser` of Bob, changed after it was signed. */
export const changed = (of: string, change: (request: RawHttpRequest, world: World) => RawHttpRequest, differs: Differs = {}): BadInput =>
  sending(of, (world) => world.admin.send(change(world.admin.signedForm('iam', 'GetUser', { UserName: 'Bob' }), world)), differs);

/** The same with another `Authorization` header. */
export const authorization = (of: string, change: (text: string) => string, differs: Differs = {}): BadInput =>
  changed(of, (request) => ({ ...request, headers: { ...request.headers, authorization: change(request.headers['authorization'] ?? '') } }), differs);

/** Bytes on a connection of their own. */
export const bytes = (of: string, text: string | ((world: World) => string), differs: Differs = {}): BadInput =>
  sending(of, (world) => sendBytes(world.server.url, Buffer.from(typeof text === 'string' ? text : text(world), 'latin1')), differs);

/** A signed request as it stands on the wire, with further header lines. */
export function wire({ method, target, headers, body: content }: RawHttpRequest, ...lines: readonly string[]): string {
  const all = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${target} HTTP/1.1`, ...all, ...lines, `content-length: ${content.length}`, '', Buffer.from(content).toString('latin1')].join(
    '\r\n',
  );
}

export const brief = (text: string): string =>
  (text.length > 80 ? `${text.slice(0, 77)}…` : text).replaceAll(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

import { getMetadataStorage } from 'class-validator';
import { pathOfOperation } from '../../src/api/json-api.controller.ts';
import type { Operation } from '../../src/iam/operation.ts';

type Schema = Record<string, unknown>;

/** What each constraint of class-validator says in JSON Schema. */
function constraint(name: string, values: readonly unknown[]): Schema {
  switch (name) {
    case 'isString':
      return { type: 'string' };
    case 'isInt':
      return { type: 'integer' };
    case 'isBoolean':
      return { type: 'boolean' };
    case 'isArray':
      return { type: 'array' };
    case 'isEmail':
      return { type: 'string', format: 'email' };
    case 'isIn':
      return { enum: values[0] };
    case 'min':
      return { minimum: values[0] };
    case 'max':
      return { maximum: values[0] };
    case 'maxLength':
      return { type: 'string', maxLength: values[0] };
    case 'isLength':
      return { type: 'string', minLength: values[0], maxLength: values[1] };
    case 'matches':
      return { type: 'string', pattern: (values[0] as RegExp).source };
    case 'arrayMaxSize':
      return { maxItems: values[0] };
    default:
      return {};
  }
}

/** The schema of an operation's input, from the decorators of its class. */
function inputSchema(command: new () => object): Schema {
  const instance = new command() as Record<string, unknown>;
  const metadata = getMetadataStorage().getTargetValidationMetadatas(command, '', true, false);
  const required: string[] = [];
  const properties: Record<string, Schema> = {};
  for (const member of Object.keys(instance)) {
    const own = metadata.filter(({ propertyName }) => propertyName === member);
    const schema: Schema = instance[member] === undefined ? {} : { default: instance[member] };
    const items: Schema = {};
    for (const { name, constraints, each } of own) Object.assign(each ? items : schema, constraint(name ?? '', constraints ?? []));
    if (Object.keys(items).length > 0) schema['items'] = items;
    properties[member] = schema;
    if (instance[member] === undefined && !own.some(({ type }) => type === 'conditionalValidation')) required.push(member);
  }
  return { type: 'object', additionalProperties: false, properties, ...(required.length === 0 ? {} : { required }) };
}

/** The JSON API as an OpenAPI 3.1 document. */
export function openApi(operations: readonly Operation[], version: string): Schema {
  const paths = operations
    .filter(({ service }) => service === 'iam-ledger')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, action, readOnly, command }) => [
      pathOfOperation(name),
      {
        post: {
          operationId: name,
          summary: `Allowed by the action ${action}; ${readOnly ? 'reads' : 'changes something'}.`,
          security: [{ sigv4: [] }],
          requestBody: { required: false, content: { 'application/json': { schema: inputSchema(command) } } },
          responses: {
            200: {
              description: 'The answer.',
              headers: { 'x-iam-ledger-position': { description: 'Position of the log that the answer rests on.', schema: { type: 'integer' } } },
              content: { 'application/json': { schema: { type: 'object' } } },
            },
            default: { description: 'Refused or failed.', content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } },
          },
        },
      },
    ]);
  return {
    openapi: '3.1.0',
    info: {
      title: 'iam-ledger JSON API',
      version,
      description: "What goes beyond AWS's API: POST a JSON object, signed with Signature Version 4 (service iam-ledger).",
    },
    paths: Object.fromEntries(paths) as Schema,
    components: {
      securitySchemes: { sigv4: { type: 'apiKey', in: 'header', name: 'Authorization', description: 'AWS Signature Version 4, service iam-ledger' } },
      schemas: {
        Error: { type: 'object', required: ['__type', 'message'], properties: { __type: { type: 'string' }, message: { type: 'string' } } },
      },
    },
  };
}

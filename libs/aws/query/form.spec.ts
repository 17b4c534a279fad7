import { describe, expect, it } from '@jest/globals';
import * as iam from '@aws-sdk/client-iam';
import {
  InvalidAction,
  InvalidParameterCombination,
  MalformedQueryString,
  MethodNotAllowed,
  MissingAction,
  MissingParameter,
  UnsupportedMediaType,
  ValidationError,
} from '../errors/common.ts';
import type { Plain } from '../schema/shapes.ts';
import { parseContentType, parseForm } from './form.ts';
import { createQueryProtocol } from './protocol.ts';
import { readParameters, type FormRequest } from './request.ts';

const protocol = createQueryProtocol({ version: '2010-05-08', namespace: 'https://iam.amazonaws.com/doc/2010-05-08/', schemas: iam });
const form = 'application/x-www-form-urlencoded';
const version = 'Version=2010-05-08';

function request(
  body: string | Uint8Array,
  over: Partial<Omit<FormRequest, 'headers'>> & { readonly contentType?: string | undefined; readonly encoding?: string } = {},
): FormRequest {
  const contentType = 'contentType' in over ? over.contentType : form;
  const headers = new Map([
    ...(contentType === undefined ? [] : [['content-type', contentType] as const]),
    ...(over.encoding === undefined ? [] : [['content-encoding', over.encoding] as const]),
  ]);
  return { method: over.method ?? 'POST', target: over.target ?? '/', headers, body: typeof body === 'string' ? Buffer.from(body) : body };
}

function call(sent: FormRequest): { readonly operation: string; readonly input: Plain } {
  const parameters = readParameters(sent);
  const operation = protocol.operationOf(parameters);
  return { operation, input: protocol.decodeInput(operation, parameters) };
}

const createUser = (parameters: string): FormRequest => request(`Action=CreateUser&${version}&${parameters}`);
const listUsers = (parameters: string): FormRequest => request(`Action=ListUsers&${version}&${parameters}`);

type ErrorClass = new (message: string) => Error;
const refused: readonly (readonly [id: string, what: string, error: ErrorClass, sent: FormRequest])[] = [
  ['Q01', 'an empty body', MissingAction, request('')],
  ['Q02', 'an empty action', MissingAction, request(`Action=&${version}`)],
  ['Q03', 'an unknown action', InvalidAction, request(`Action=NoSuchThing&${version}`)],
  ['Q04', 'an action in another case', InvalidAction, request(`Action=listusers&${version}`)],
  ...['constructor', '__proto__', 'toString', 'hasOwnProperty'].map((name): [string, string, ErrorClass, FormRequest] => [
    'Q05',
    `the action ${name}`,
    InvalidAction,
    request(`Action=${name}&${version}`),
  ]),
  ['Q06', 'two actions', InvalidParameterCombination, request(`Action=ListUsers&Action=DeleteUser&${version}`)],
  [
    'Q07',
    'an action in the URL and in the body',
    InvalidParameterCombination,
    request(`Action=DeleteUser&${version}`, { target: '/?Action=ListUsers' }),
  ],
  ['Q08', 'a name in two cases', ValidationError, createUser('UserName=a&username=b')],
  ['Q08', 'a name in another case', ValidationError, createUser('username=b')],
  ['Q08', 'a nested name in another case', ValidationError, createUser('UserName=a&Tags.member.1.Key=a&Tags.member.1.Value=b&Tags.member.1.value=c')],
  ['Q08', 'action in lower case beside Action', ValidationError, request(`Action=ListUsers&action=DeleteUser&${version}`)],
  ['Q09', 'another version', InvalidAction, request('Action=ListUsers&Version=1999-01-01')],
  ['Q10', 'no version', MissingParameter, request('Action=ListUsers')],
  ['Q11', 'an array bracket', ValidationError, createUser('UserName[]=a')],
  ['Q12', 'an object bracket', ValidationError, createUser('UserName[toString]=x')],
  ['Q13', '__proto__ with a bracket', ValidationError, createUser('UserName=a&__proto__[admin]=1')],
  ['Q11', 'an encoded bracket', ValidationError, createUser('UserName%5B%5D=a')],
  ['Q14', '%ZZ', MalformedQueryString, createUser('UserName=%ZZ')],
  ['Q14', 'a percent at the end', MalformedQueryString, createUser('UserName=a%')],
  ['Q15', 'percent-encoded bytes that are not UTF-8', ValidationError, createUser('UserName=%FF%FE')],
  ['Q15', 'raw bytes that are not UTF-8', ValidationError, request(Buffer.from([...Buffer.from('UserName='), 0xff]))],
  ['Q16', 'an overlong slash', ValidationError, createUser('UserName=%C0%AF')],
  ['Q17', 'an encoded surrogate', ValidationError, createUser('UserName=%ED%A0%80')],
  ['Q18', 'an encoded NUL', ValidationError, createUser('UserName=a%00b')],
  ['Q18', 'a raw NUL', ValidationError, createUser('UserName=a\0b')],
  ['Q19', 'a semicolon between parameters', InvalidAction, request(`Action=ListUsers;UserName=b&${version}`)],
  ['Q20', 'an empty name', MalformedQueryString, createUser('=x')],
  ['Q20', 'an empty parameter', MalformedQueryString, createUser('&UserName=x')],
  ['Q20', 'an ampersand at the end', MalformedQueryString, createUser('UserName=x&')],
  ['Q21', '1,001 parameters', ValidationError, createUser(Array.from({ length: 999 }, (_, at) => `p${at}=`).join('&'))],
  ['Q22', 'a name of 257 characters', ValidationError, createUser(`${'p'.repeat(257)}=`)],
  ['Q22', 'a name of 1 MiB', ValidationError, createUser(`${'p'.repeat(1_048_576)}=`)],
  ['Q23', 'a list that starts at 0', ValidationError, createUser('Tags.member.0.Key=a')],
  ['Q24', 'a list with a gap', ValidationError, createUser('Tags.member.1.Key=a&Tags.member.3.Key=b')],
  ['Q25', 'an enormous index', ValidationError, createUser('Tags.member.999999999.Key=a')],
  ...['01', '1e3', '-1', '+1', ' 1', '1 ', '', '٣'].map((index): [string, string, ErrorClass, FormRequest] => [
    'Q26',
    `the index '${index}'`,
    ValidationError,
    createUser(`Tags.member.${encodeURIComponent(index)}.Key=a`),
  ]),
  ['Q26', 'a list without its word', ValidationError, createUser('Tags.1.Key=a')],
  ['Q26', 'a list whose word is in another case', ValidationError, createUser('Tags.Member.1.Key=a')],
  ['Q26', 'a list with a value of its own', ValidationError, createUser('Tags=a')],
  ['Q27', 'an element twice', InvalidParameterCombination, createUser('Tags.member.1.Key=a&Tags.member.1.Key=a')],
  ...['abc', '1.5', '1e2', '0x10', ' 10', '', '99999999999999999999', '9007199254740993', '+5', 'Infinity', 'NaN', '１'].map(
    (text): [string, string, ErrorClass, FormRequest] => [
      'Q29',
      `the integer '${text}'`,
      ValidationError,
      listUsers(`MaxItems=${encodeURIComponent(text)}`),
    ],
  ),
  ...['TRUE', '1', 'yes', '', 'True', ' true'].map((text): [string, string, ErrorClass, FormRequest] => [
    'Q32',
    `the boolean '${text}'`,
    ValidationError,
    request(`Action=CreatePolicyVersion&${version}&SetAsDefault=${encodeURIComponent(text)}`),
  ]),
  ['Q33', 'JSON', MissingAction, request('{}', { contentType: 'application/json' })],
  ['Q34', 'latin-1', UnsupportedMediaType, request('Action=ListUsers', { contentType: `${form}; charset=iso-8859-1` })],
  ['Q35', 'UTF-16', UnsupportedMediaType, request('Action=ListUsers', { contentType: `${form};charset="utf-16"` })],
  ['Q35', 'two charsets', UnsupportedMediaType, request('Action=ListUsers', { contentType: `${form}; charset=utf-8; charset=utf-16` })],
  ['Q36', 'multipart', UnsupportedMediaType, request('Action=ListUsers', { contentType: 'multipart/form-data; boundary=x' })],
  ['Q36', 'a type that only contains the right one', UnsupportedMediaType, request('Action=ListUsers', { contentType: `x/${form}` })],
  ['Q37', 'no content type', MissingAction, request('Action=ListUsers', { contentType: undefined })],
  ['Q38', 'a byte order mark', InvalidAction, request(`\ufeffAction=ListUsers&${version}`)],
  ['Q39', 'GET with a body', MissingAction, request('x', { method: 'GET', target: `/?Action=ListUsers&${version}` })],
  ['H19', 'a compressed body', UnsupportedMediaType, request('x', { encoding: 'gzip' })],
  ...['PUT', 'DELETE', 'TRACE', 'get', 'HEAD'].map((method): [string, string, ErrorClass, FormRequest] => [
    'H20',
    `the method ${method}`,
    MethodNotAllowed,
    request('', { method }),
  ]),
  ['–', 'a scalar with something below it', ValidationError, createUser('UserName.x=a')],
  [
    '–',
    'a base64 that is none',
    ValidationError,
    request(`Action=DecodeNothing&${version}`.replace('DecodeNothing', 'CreateUser') + '&Tags.member.1=x'),
  ],
];

describe('a form is refused with', () => {
  it.each(refused)('%s: %s', (...[, , error, sent]) => {
    expect(() => call(sent)).toThrow(error);
  });
});

describe('a form is read with', () => {
  it('a charset of UTF-8, plus signs and percent-encoding', () => {
    const contentType = `${form}; charset=UTF-8`;
    expect(call(request(`Action=CreateUser&${version}&UserName=a+b%2B%C3%BC%E2%82%AC%F0%9D%84%9Eü`, { contentType })).input).toEqual({
      UserName: 'a b+ü€𝄞ü',
    });
  });

  it('values that hold = and ;, are empty, or have no =', () => {
    expect([...parseForm(Buffer.from('a=b=c;d&e=&f'))]).toEqual([
      ['a', 'b=c;d'],
      ['e', ''],
      ['f', ''],
    ]);
  });

  it('parameters that the operation does not have, and leaves them out (Q40)', () => {
    expect(call(createUser('UserName=a&Admin=true&__proto__=x&constructor=y&toString.valueOf=z')).input).toEqual({ UserName: 'a' });
  });

  it('exactly 1,000 parameters', () => {
    expect(parseForm(Buffer.from(Array.from({ length: 1000 }, (_, at) => `p${at}=`).join('&'))).size).toBe(1000);
  });

  it('lists, also empty ones', () => {
    expect(call(createUser('Tags.member.2.Key=c&Tags.member.2.Value=d&Tags.member.1.Key=a&Tags.member.1.Value=b')).input).toEqual({
      Tags: [
        { Key: 'a', Value: 'b' },
        { Key: 'c', Value: 'd' },
      ],
    });
    expect(call(createUser('Tags=')).input).toEqual({ Tags: [] });
  });

  it('integers and booleans', () => {
    expect(call(listUsers('MaxItems=-1')).input).toEqual({ MaxItems: -1 });
    expect(call(request(`Action=CreatePolicyVersion&${version}&SetAsDefault=true`)).input).toEqual({ SetAsDefault: true });
  });

  it('its parameters in the query of a GET or of a presigned POST, where + is a plus', () => {
    const target = `/?Action=GetUser&${version}&UserName=a+b&X-Amz-Signature=x`;
    for (const method of ['GET', 'POST'])
      expect(call(request('', { method, target, contentType: undefined }))).toEqual({ operation: 'GetUser', input: { UserName: 'a+b' } });
  });
});

describe('a content type', () => {
  it('is cut into type and charset', () => {
    expect(parseContentType('Application/X-WWW-Form-Urlencoded ; Charset="UTF-8"')).toEqual({ type: form, charset: 'utf-8' });
    expect(parseContentType('text/plain;boundary=charset')).toEqual({ type: 'text/plain', charset: undefined });
    expect(parseContentType('a b/c').type).toBe('invalid');
  });
});

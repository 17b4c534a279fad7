/** Where the parameters of a Query request stand: in the body of a POST, or in the query string. Never in both. */
import { InvalidParameterCombination, MethodNotAllowed, MissingAction, UnsupportedMediaType } from '../errors/common.ts';
import { checkFormContentType, parseForm, type Parameters } from './form.ts';

/** A request as the verifier leaves it. `headers` has lower-case names. */
export interface FormRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

/**
 * The parameters of a Query request: of a GET its query string; of a POST its body, or its query string where the body is empty (a presigned POST).
 * Throws what `parseForm` and `checkFormContentType` throw, `MissingAction` for a GET with a body, `InvalidParameterCombination` for a POST that has
 * parameters in both places, `MethodNotAllowed` (405) for other methods, `UnsupportedMediaType` (415) for a compressed body.
 */
export function readParameters({ method, target, headers, body }: FormRequest): Parameters {
  if (method !== 'POST' && method !== 'GET') throw new MethodNotAllowed(`The method ${method.slice(0, 16)} is not served here.`);
  const encoding = headers.get('content-encoding');
  if (encoding !== undefined && encoding !== 'identity') throw new UnsupportedMediaType('A request body must not be compressed.');
  const mark = target.indexOf('?');
  const inQuery = mark < 0 ? noParameters : parseForm(Buffer.from(target.slice(mark + 1), 'latin1'), 'plus');
  if (body.length === 0) return inQuery;
  if (method === 'GET') throw new MissingAction('A GET request must not have a body.');
  for (const name of inQuery.keys()) {
    if (!name.startsWith('X-Amz-'))
      throw new InvalidParameterCombination('The parameters of a POST request stand in its body, not in its query string.');
  }
  checkFormContentType(headers.get('content-type'));
  return parseForm(body);
}
const noParameters: Parameters = new Map();

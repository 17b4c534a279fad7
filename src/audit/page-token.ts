import { createHmac, timingSafeEqual } from 'node:crypto';

import { InvalidNextToken } from '../../libs/aws/index.ts';
import type { HistoryCursor } from '../projections/history/history-query.ts';

/** Of the 32 bytes of the code: enough that no token is ever guessed. */
const codeBytes = 16;
const tokenCharactersMax = 200;

/**
 * A place in an answer as text that only we can make, and that holds only for the question that it was made for (`question`: all its
 * parameters, in a fixed order). It stays good for ever: it names a place, not a moment.
 */
export function pageToken(key: Uint8Array, question: string, { position, timeMs }: HistoryCursor): string {
  const place = Buffer.from(`${position.toString(36)}.${timeMs.toString(36)}`);
  return Buffer.concat([codeOf(key, question, place), place]).toString('base64url');
}

/** The place that `token` names. @throws InvalidNextToken it is not one of ours, or belongs to another question */
export function placeOf(key: Uint8Array, question: string, token: string): HistoryCursor {
  if (token.length > tokenCharactersMax || !/^[\w-]+$/.test(token)) throw invalid();
  const bytes = Buffer.from(token, 'base64url');
  const place = bytes.subarray(codeBytes);
  if (bytes.length <= codeBytes || !timingSafeEqual(bytes.subarray(0, codeBytes), codeOf(key, question, place))) throw invalid();
  const [position, timeMs] = place.toString().split('.');
  return { position: Number.parseInt(position as string, 36), timeMs: Number.parseInt(timeMs as string, 36) };
}

function codeOf(key: Uint8Array, question: string, place: Uint8Array): Buffer {
  return createHmac('sha256', key).update(`${question.length}:`).update(question).update(place).digest().subarray(0, codeBytes);
}

function invalid(): InvalidNextToken {
  return new InvalidNextToken('Invalid or expired next token, or a token that was made for other parameters.');
}

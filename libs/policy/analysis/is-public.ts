import type { CompiledPolicy } from '../compiled-policy.ts';
import type { CompiledStatement } from '../compiled-statement.ts';
import { matchesWildcard } from '../wildcard.ts';
import { parseIpAddress, isInRange, parseIpRange } from '../values/ip-address.ts';
import { awsCatalogue, type ActionCatalogue } from './action-catalogue.ts';
import type { KeyValues } from './key-part.ts';
import { accessBeyond, type AccessAnswer } from './new-access.ts';
import { strangers } from './principal-candidates.ts';

/**
 * Keys that tell a caller or where he calls from, so that naming a value of one makes access not public. AWS's page: "Blocking public access to your
 * Amazon S3 storage" ("The meaning of public"), and the same list in "Access Analyzer".
 */
const IDENTIFYING: ReadonlySet<string> = new Set([
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:userid',
  'aws:username',
  'kms:calleraccount',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
]);
/** A range of addresses with fewer leading bits than these is everyone: AWS's page on S3 says so of IPv4; IPv6 likewise. */
const NARROW_IPV4_BITS = 96 + 8;
const NARROW_IPV6_BITS = 32;

/** Whether a resource's policy lets in anyone: strangers of other accounts or anonymous callers, who have none of the values that it names. */
export function isPublic(policy: CompiledPolicy, catalogue: ActionCatalogue = awsCatalogue): AccessAnswer {
  return accessBeyond([], [policy], catalogue, { principals: strangers, mayHave });
}

/** Whether a stranger may have these values: not one that a condition of the policy spells out. */
function mayHave(key: string, values: KeyValues, statements: readonly CompiledStatement[]): boolean {
  if (values === undefined) return true;
  const entries = statements.flatMap(({ source }) => source.conditions).filter((entry) => entry.key.toLowerCase() === key);
  if (key === 'aws:sourceip') {
    const ranges = entries.filter(({ operator }) => operator.family === 'IpAddress').flatMap((entry) => entry.values.map(({ value }) => value));
    return !values.some((value) => ranges.some((range) => isInNarrowRange(value, range)));
  }
  if (!IDENTIFYING.has(key)) return true;
  // A pattern such as `*` that anything fits names nobody; one with enough of its own to say does.
  const named = entries.filter(({ operator }) => operator.family !== 'Null').flatMap((entry) => entry.values.map(({ value }) => value));
  return !values.some((value) => named.some((pattern) => !isSweeping(pattern) && isNamed(pattern, value)));
}

function isInNarrowRange(value: string, text: string): boolean {
  const address = parseIpAddress(value);
  const range = parseIpRange(text);
  if (address === undefined || range === undefined) return false;
  const isIpv4 = text.includes('.');
  return range.bits >= (isIpv4 ? NARROW_IPV4_BITS : NARROW_IPV6_BITS) && isInRange(address, range);
}

/** Whether a pattern says nothing about who is meant: wildcards, and the parts that all ARNs share. */
function isSweeping(pattern: string): boolean {
  return /^[*?]*$/.test(pattern) || /^arn:[^:]*:[^:]*:[^:]*:[*?]*:[*?]+$/.test(pattern);
}

function isNamed(pattern: string, value: string): boolean {
  return matchesWildcard(pattern.replace(/\$\{[^}]*\}/g, '*').toLowerCase(), value.toLowerCase());
}

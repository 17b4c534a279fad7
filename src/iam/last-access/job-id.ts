import { NoSuchEntity } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import type { Call } from '../call.ts';

/** What a report is about, and since when it was asked for. */
export interface AccessJob {
  readonly kind: 'user' | 'group' | 'role' | 'policy';
  /** The 17 characters after the prefix of the entity's unique id. */
  readonly idTail: string;
  readonly granularity: 'SERVICE_LEVEL' | 'ACTION_LEVEL';
  /** Seconds since 1970. */
  readonly createdAt: number;
}

const kinds = ['user', 'group', 'role', 'policy'] as const;
const tailCharacters = 17;
const base = 36n;

/** Bits of a job, from the least significant: check, granularity, kind, seconds, tail (17 digits of base 36: 88 bits). */
const checkBits = 5n;
const granularityBits = 1n;
const kindBits = 2n;
const secondsBits = 32n;
const checkValue = 0b10110n;

/**
 * The id of a report is the report's question itself, sealed: so there is nothing to keep, it outlives every restart, and it is good on every node. It is enciphered
 * with a key of the server under the account and the caller, so nobody can make one, and nobody else can use one (IAM API,
 * GetServiceLastAccessedDetails: an id must be used by the user or role that it was given to).
 */
export function sealJob(job: AccessJob, account: Account, call: Call): string {
  let bits = BigInt(0);
  for (const character of job.idTail) bits = bits * base + BigInt(Number.parseInt(character, 36));
  bits = (bits << secondsBits) | BigInt(job.createdAt);
  bits = (bits << kindBits) | BigInt(kinds.indexOf(job.kind));
  bits = (bits << granularityBits) | (job.granularity === 'ACTION_LEVEL' ? 1n : 0n);
  bits = (bits << checkBits) | checkValue;
  const hex = enciphered(bits, account, call).toString(16).padStart(32, '0');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** @throws NoSuchEntity the id is not one that this caller was given */
export function openJob(jobId: string, account: Account, call: Call): AccessJob {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(jobId)) throw noSuchJob(jobId);
  let bits = deciphered(BigInt(`0x${jobId.replaceAll('-', '')}`), account, call);
  const take = (width: bigint): bigint => {
    const taken = bits & ((1n << width) - 1n);
    bits >>= width;
    return taken;
  };
  const check = take(checkBits);
  const granularity = take(granularityBits) === 1n ? 'ACTION_LEVEL' : 'SERVICE_LEVEL';
  const kind = kinds[Number(take(kindBits))] as AccessJob['kind']; // two bits: one of four
  const createdAt = Number(take(secondsBits));
  const idTail = bits.toString(36).toUpperCase().padStart(tailCharacters, '0');
  if (check !== checkValue || idTail.length !== tailCharacters) throw noSuchJob(jobId);
  return { kind, idTail, granularity, createdAt };
}

/** Whether an entity's unique id has AWS's form, four letters and 17 letters or digits: only then a report can be about it. */
export const hasJobForm = (uniqueId: string): boolean => /^[A-Z]{4}[A-Z0-9]{17}$/.test(uniqueId);

export const noSuchJob = (jobId: string): NoSuchEntity => new NoSuchEntity(`The job with ID ${jobId} was not found.`);

const halfBits = 64n;
const halfMask = (1n << halfBits) - 1n;
/** Four rounds of a Feistel network make of a keyed digest a permutation that nobody can tell from a random one (Luby and Rackoff). */
const rounds = 4;

function enciphered(bits: bigint, account: Account, call: Call): bigint {
  let [left, right] = [bits >> halfBits, bits & halfMask];
  for (let round = 0; round < rounds; round++) [left, right] = [right, left ^ digest(round, right, account, call)];
  return (left << halfBits) | right;
}

function deciphered(bits: bigint, account: Account, call: Call): bigint {
  let [left, right] = [bits >> halfBits, bits & halfMask];
  for (let round = rounds - 1; round >= 0; round--) [left, right] = [right ^ digest(round, left, account, call), left];
  return (left << halfBits) | right;
}

function digest(round: number, half: bigint, { id }: Account, { caller, secrets }: Call): bigint {
  const [principalId] = caller.principalId.split(':');
  const text = secrets.mac(JSON.stringify(['access job', id, principalId, round, half.toString(16)]));
  return Buffer.from(text, 'base64url').readBigUInt64BE(0);
}

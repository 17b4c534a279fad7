/**
 * Documents of legal size that are made to cost as much as they can, each with the request that hurts it most: for the benchmark, and for the test that
 * counts the steps they take.
 */

/** Characters of the largest document that IAM takes: all inline policies of a role together. AWS's page: "IAM and AWS STS quotas". */
export const documentCharactersMax = 10_240;
/** Characters of a resource's name, and of one value of a condition key. */
export const valueCharactersMax = 2_048;
/** Values of one condition key. */
const valuesMax = 100;

export interface HostileCase {
  readonly name: string;
  /** The document as JSON, of about `characters`. */
  readonly text: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

const arn = 'arn:aws:s3:::';
const many = 'a'.repeat(valueCharactersMax);
const ending = (last: string): string => `${'a'.repeat(valueCharactersMax - last.length)}${last}`;
/** Runs of a letter, each a little too short for a pattern that asks for more. */
const runs = (length: number): string => `${'a'.repeat(length)}b`.repeat(Math.ceil(valueCharactersMax / (length + 1))).slice(0, valueCharactersMax);
const resourceOf = (text: string): string => `${arn}${text}`.slice(0, valueCharactersMax);

/** Numbers in as few characters as possible, all different. */
const short = (index: number): string => index.toString(36);

/** `statement` around as many of `parts` as fit, joined by commas. */
function filled(characters: number, statement: (parts: string) => string, part: (index: number) => string): string {
  const write = (parts: string): string => `{"Version":"2012-10-17","Statement":[${statement(parts)}]}`;
  const parts: string[] = [];
  let length = write('').length;
  for (let index = 0; ; index += 1) {
    const next = part(index);
    length += next.length + 1;
    if (length > characters) break;
    parts.push(next);
  }
  return write(parts.join());
}

const withCondition =
  (operator: string, key: string) =>
  (parts: string): string =>
    `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"${operator}":{"${key}":[${parts}]}}}`;
const withConditions =
  (operator: string) =>
  (parts: string): string =>
    `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"${operator}":{${parts}}}}`;
const withResources = (parts: string): string => `{"Effect":"Allow","Action":"*","Resource":[${parts}]}`;

/** The key in another spelling for each number: condition keys are compared without regard to case. */
function spelling(index: number): string {
  const letters = 'aws:username';
  let bits = index;
  return [...letters]
    .map((letter) => {
      if (letter === ':') return letter;
      const upper = (bits & 1) === 1;
      bits >>= 1;
      return upper ? letter.toUpperCase() : letter;
    })
    .join('');
}

/** All of them, with documents of about so many characters. */
export function hostileCases(characters: number = documentCharactersMax): readonly HostileCase[] {
  const oneKey = { 'aws:username': many };
  const everyLetter = Array.from({ length: valueCharactersMax }, (_, index) => String.fromCharCode(0x100 + index)).join('');
  return [
    {
      name: 'texts between stars, near everywhere',
      text: filled(characters, withCondition('StringLike', 'aws:username'), (index) => `"*${'a'.repeat(1 + (index % 40))}b*"`),
      resource: '*',
      context: oneKey,
    },
    {
      name: 'short texts between stars',
      text: filled(characters, withCondition('StringLike', 'aws:username'), () => `"*aab*"`),
      resource: '*',
      context: { 'aws:username': `b${many.slice(1)}` },
    },
    {
      name: 'question marks between stars',
      text: filled(characters, withCondition('StringLike', 'aws:username'), () => `"*a?b*"`),
      resource: '*',
      context: { 'aws:username': `b${many.slice(1)}` },
    },
    {
      name: 'parts longer than the runs of the text',
      text: filled(characters, withCondition('StringLike', 'aws:username'), (index) => `"*${'a'.repeat(40 + (index % 20))}?a*"`),
      resource: '*',
      context: { 'aws:username': runs(39) },
    },
    {
      name: 'parts of question marks, longer than the runs of the text',
      text: filled(characters, withCondition('StringLike', 'aws:username'), (index) => `"*${'aa?a'.repeat(60 + (index % 9))}a*"`),
      resource: '*',
      context: { 'aws:username': runs(200) },
    },
    {
      name: 'parts that stand at the end alone',
      text: filled(characters, withCondition('StringLike', 'aws:username'), (index) => `"*${'a'.repeat(20 + (index % 20))}b*c?*"`),
      resource: '*',
      context: { 'aws:username': `c${ending('b').slice(1)}` },
    },
    {
      name: 'patterns of stars and letters',
      text: filled(characters, withCondition('StringLike', 'aws:username'), (index) => `"${'*a?'.repeat(500 + index)}*b*"`),
      resource: '*',
      context: { 'aws:username': `b${many.slice(1)}` },
    },
    {
      name: 'resources of stars',
      text: filled(characters, withResources, (index) => `"${arn}*a${short(index % 10)}*b*"`),
      resource: resourceOf(ending('1b')),
      context: {},
    },
    {
      name: 'resources of question marks',
      text: filled(characters, withResources, () => `"${arn}*?b*a"`),
      resource: resourceOf(many),
      context: {},
    },
    {
      name: 'wildcards in all parts of an ARN',
      text: filled(characters, withResources, () => `"arn:*?b*:s3:*?b*:*:*?b*"`),
      resource: `arn:${'ab'.repeat(330)}:s3:${'ab'.repeat(330)}::${'a'.repeat(700)}`,
      context: {},
    },
    {
      name: 'variables in wildcard patterns',
      text: filled(characters, withCondition('StringLike', 'aws:username'), () => '"*${a}?b*"'),
      resource: '*',
      context: { 'aws:username': `b${many.slice(1)}`, a: 'a'.repeat(1000) },
    },
    {
      name: 'variables side by side',
      text: filled(characters, withCondition('StringEquals', 'aws:username'), (index) => `"${'${a}'.repeat(1 + (index % 3))}"`),
      resource: '*',
      context: { ...oneKey, a: 'a'.repeat(1024) },
    },
    {
      name: 'variables in resources, each of another script',
      text: filled(characters, withResources, () => `"${arn}\${a}b"`),
      resource: `${resourceOf(many).slice(0, -1)}\u0451`,
      context: { a: resourceOf(many).slice(arn.length, -1) },
    },
    {
      name: 'variables without regard to case',
      text: filled(characters, withConditions('StringEqualsIgnoreCase'), (index) => `"${spelling(index)}":"\${a}\${a}"`),
      resource: '*',
      context: { 'aws:username': `${'\u0391'.repeat(1024)}${'\u03b1'.repeat(1024)}`, a: '\u0391'.repeat(1024) },
    },
    {
      name: 'one key under many spellings, all conditions hold',
      text: filled(characters, withConditions('StringLike'), (index) => `"${spelling(index)}":"*ab*"`),
      resource: '*',
      context: { 'aws:username': ending('ab') },
    },
    {
      name: 'two keys by turns, question marks',
      text: filled(
        characters,
        withConditions('StringLike'),
        (index) => `"${index % 2 === 0 ? spelling(index >> 1) : `${spelling(index >> 1)}x`}":"*a?b*"`,
      ),
      resource: '*',
      context: { 'aws:username': ending('acb'), 'aws:usernamex': ending('acb') },
    },
    {
      name: 'letters of every kind',
      text: filled(
        characters,
        withCondition('StringLike', 'aws:username'),
        (index) => `"*?${String.fromCharCode(0x100 + (index % valueCharactersMax))}?*\u0100"`,
      ),
      resource: '*',
      context: { 'aws:username': everyLetter },
    },
    {
      name: 'many patterns, many values',
      text: filled(characters, withCondition('ForAllValues:StringLike', 'aws:tagkeys'), (index) => `"*${short(index)}?"`),
      resource: '*',
      context: { 'aws:tagkeys': Array.from({ length: valuesMax }, (_, index) => `${'x'.repeat(200)}${index}zz`) },
    },
    {
      name: 'many ranges, many addresses',
      text: filled(characters, withCondition('ForAnyValue:IpAddress', 'aws:sourceip'), (index) => `"${short(index).replace(/[^0-9a-f]/g, 'f')}::1"`),
      resource: '*',
      context: { 'aws:sourceip': Array.from({ length: valuesMax }, (_, index) => `fe80::${index}`) },
    },
    {
      name: 'many dates, many values',
      text: filled(characters, withCondition('ForAnyValue:DateEquals', 'aws:tagkeys'), (index) => `"${index}"`),
      resource: '*',
      context: { 'aws:tagkeys': Array.from({ length: valuesMax }, (_, index) => `2026-01-01T00:00:${String(index % 60).padStart(2, '0')}Z`) },
    },
    {
      name: 'ARN patterns, many values',
      text: filled(characters, withCondition('ForAnyValue:ArnLike', 'aws:tagkeys'), () => `"arn:*:*:*:*:*?b"`),
      resource: '*',
      context: { 'aws:tagkeys': Array.from({ length: valuesMax }, () => `arn:aws:s3:::${'a'.repeat(100)}`) },
    },
    {
      name: 'binary values under many spellings',
      text: filled(characters, withConditions('BinaryEquals'), (index) => `"${spelling(index)}":"YQ=="`),
      resource: '*',
      context: { 'aws:username': many },
    },
    {
      name: 'statements with resources that begin alike',
      text: filled(
        characters,
        (parts) => parts,
        (index) => `{"Effect":"Deny","Action":"*","Resource":"${arn}${'a'.repeat(index % 60)}*?b"}`,
      ),
      resource: resourceOf(many),
      context: {},
    },
  ];
}

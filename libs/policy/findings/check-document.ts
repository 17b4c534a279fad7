import type { PolicyKind } from '../document.ts';
import { nearest, didYouMean } from './nearest.ts';
import { quoted } from './report.ts';
import type { Scope } from './scope.ts';

const versions = ['2012-10-17', '2008-10-17'];
/** Characters without white space of one document (IAM User Guide, "IAM and AWS STS quotas"; AWS Organizations, "Quotas and service limits"). */
const quotas: Readonly<Record<PolicyKind, number>> = {
  identity: 6144,
  boundary: 6144,
  session: 2048,
  trust: 2048,
  resource: 20_480,
  endpoint: 20_480,
  'service-control': 5120,
  'resource-control': 5120,
};

/** What is to say about the document as a whole: version, size, ids. */
export function checkDocument(scope: Scope): void {
  checkVersion(scope);
  checkSize(scope);
  checkSids(scope);
}

function checkVersion({ draft, report }: Scope): void {
  const { version } = draft;
  if (version === undefined) {
    // A Version that is no string is told where it was read.
    if (
      !report.findings.some(
        ({ locations }) => locations[0]?.path[0] !== undefined && 'value' in locations[0].path[0] && locations[0].path[0].value === 'Version',
      )
    ) {
      report.add(
        'MISSING_VERSION',
        'The document does not say its Version and is read as 2008-10-17, in which policy variables are plain text: say 2012-10-17.',
        draft.place,
      );
    }
  } else if (!versions.includes(version.value)) {
    report.add(
      'INVALID_VERSION',
      `The version ${quoted(version.value)} does not exist.${didYouMean(nearest(version.value, versions) ?? '2012-10-17')}`,
      version,
    );
  }
}

function checkSize({ draft, report }: Scope): void {
  const size = draft.text.replace(/\s/g, '').length;
  const quota = quotas[draft.kind];
  if (size <= quota) return;
  const told = `The document has ${size} characters without white space; a policy of this kind may have ${quota}.`;
  if (draft.kind === 'service-control') report.add('POLICY_SIZE_EXCEEDS_SCP_QUOTA', told, draft.place);
  else if (draft.kind === 'resource-control') report.add('POLICY_SIZE_EXCEEDS_RCP_QUOTA', told, draft.place);
  else if (draft.kind === 'resource' || draft.kind === 'endpoint' || draft.kind === 'trust')
    report.add('POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA', told, draft.place);
  else report.add('POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA', told, draft.place);
}

function checkSids({ draft, report }: Scope): void {
  const sids = draft.statements.flatMap(({ sid }) => sid ?? []);
  for (const [value, same] of Map.groupBy(sids, (sid) => sid.value)) {
    if (value === '') for (const sid of same) report.add('EMPTY_SID_VALUE', 'The Sid is empty: give it a value, or leave it out.', sid);
    else if (same.length > 1)
      report.add('UNIQUE_SIDS_REQUIRED', `The Sid ${quoted(value)} occurs ${same.length} times: each statement needs its own.`, ...same);
  }
  const wider = draft.kind === 'resource' || draft.kind === 'endpoint';
  const allowed = wider ? /^[\w .,:/=+@-]*$/ : /^[0-9A-Za-z]*$/;
  for (const sid of sids) {
    if (!allowed.test(sid.value)) report.add('UNSUPPORTED_SID', `The Sid ${quoted(sid.value)} holds more than letters and digits.`, sid);
  }
}

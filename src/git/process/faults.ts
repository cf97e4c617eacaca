import { SlipwayError, type ErrorCode } from '../../errors.js';
import type { GitOutcome } from './run-git.js';

/**
 * What went wrong, read from git's messages: the one table of a git host's answers, as docs/errors.md shows it. Git gives only text and an
 * exit code, so this is the one place that parses the text. It holds for LC_ALL=C.
 *
 * - `unauthorized`: the host refuses the credentials or does not know the repository
 * - `refused`: the host does not give an object that was asked for by its id
 * - `locked`: a lock file of another process, or of a dead one, is in the way (`lock` names it)
 * - `raced`: another process moved a reference at the same time
 * - `corrupt`: the mirror is damaged or gone; of a network operation: it is, or what the host sent is
 * - `unsupported`: the host keeps the repository in a form that no mirror can have: shallow, or with SHA-256 ids
 * - `full`: there is no space left for what the host sends
 * - `timeout`: stopped for taking too long
 * - `other`: anything else; for a network operation, the host does not answer as it should
 */
export type FaultKind =
  'unauthorized' | 'refused' | 'locked' | 'raced' | 'corrupt' | 'unsupported' | 'full' | 'timeout' | 'other';

export interface GitFault {
  readonly kind: FaultKind;
  readonly lock: string | null;
}

const lockFile = /Unable to create '(.+\.lock)': File exists/;

/** The first match wins. Order matters: ssh ends nearly every failure with "Could not read from remote repository". */
const table: readonly (readonly [FaultKind, RegExp])[] = [
  ['locked', lockFile],
  ['unsupported', /mismatched algorithms|shallow roots are not allowed to be updated/],
  ['full', /No space left on device|Disk quota exceeded/],
  [
    'corrupt',
    new RegExp(
      [
        "not a git repository: '",
        'far too short to be a packfile',
        'object file .* is empty',
        '(loose|packed) object .* is corrupt',
        'pack(file)? .* (cannot be mapped|cannot be accessed|does not match index|signature mismatch|is truncated)',
        'index file .* (is too small|is corrupt|is version)',
        'non-monotonic index',
        '(wrong|bad) index',
        'unable to unpack .* (header|contents)',
        'inflate: data stream error',
        'bad object refs/',
        'refs/.*: (reference broken|bad object)',
        'ignoring broken ref',
        'did not send all necessary objects',
        'Failed to traverse parents',
        'unable to read tree',
        'bad (tree|config line|numeric config value)',
      ].join('|'),
    ),
  ],
  ['raced', /cannot lock ref|could not delete reference|some local refs could not be updated/],
  ['refused', /not our ref|unadvertised object|want [0-9a-f]+ not valid|couldn't find remote ref/],
  [
    'other',
    /Could not resolve host|Connection (refused|timed out|reset|closed)|Network is unreachable|No route to host|returned error: (429|5\d\d)/,
  ],
  [
    'unauthorized',
    /could not read (Username|Password)|Authentication failed|returned error: (401|403|404|407)|repository '.*' not found|Repository not found|Permission denied|does not appear to be a git repository|Could not read from remote repository/i,
  ],
];

/**
 * The fault of a finished run, or null. Damage counts even if git succeeded: it then answered "missing". So does a shallow host: git then
 * leaves the references as they were.
 */
export function faultOf(outcome: GitOutcome): GitFault | null {
  if (outcome.timedOut) return { kind: 'timeout', lock: null };
  const own = ownLines(outcome.complaint);
  const kind = table.find(([, pattern]) => pattern.test(own))?.[0] ?? 'other';
  if (outcome.code === 0 && kind !== 'corrupt' && kind !== 'unsupported') return null;
  return { kind, lock: lockFile.exec(own)?.[1] ?? null };
}

/** Lines from the host (`remote: …`) are for people and say nothing about our side. */
const ownLines = (complaint: string): string => complaint.replace(/^remote: .*$/gm, '');

/** The most useful line of git's messages: the last `fatal:`, else the first `error:`, else the first line. */
export function headline(complaint: string): string {
  const lines = complaint.split('\n').filter((line) => line.trim() !== '');
  const line =
    lines.find((text) => text.startsWith('fatal: ')) ?? lines.find((text) => text.startsWith('error: ')) ?? lines[0];
  return line?.replace(/^(fatal|error): /, '') ?? 'git said nothing';
}

const networkCodes: Partial<Record<FaultKind, ErrorCode>> = {
  unauthorized: 'git-unauthorized',
  unsupported: 'repository-unsupported',
  full: 'low-disk',
};

/** A failed network operation as an error: `git-unauthorized`, `repository-unsupported`, `low-disk` or `git-unavailable`. */
export function networkError(doing: string, outcome: GitOutcome): SlipwayError {
  const kind = faultOf(outcome)?.kind ?? 'other';
  return new SlipwayError(networkCodes[kind] ?? 'git-unavailable', `${doing} failed: ${saidOf(kind, outcome)}`);
}

function saidOf(kind: FaultKind, { complaint }: GitOutcome): string {
  if (kind === 'timeout') return 'it took too long and was stopped';
  if (kind !== 'unsupported') return headline(complaint);
  return complaint.includes('mismatched algorithms')
    ? 'its object ids are SHA-256 at the git host, and Slipway reads SHA-1 alone'
    : 'it is shallow at the git host, which does not have its whole history';
}

/** A local operation that failed although the mirror is sound and the commit is there. */
export function localError(doing: string, outcome: GitOutcome): SlipwayError {
  return new SlipwayError(
    'internal',
    `${doing} failed: ${outcome.timedOut ? 'it took too long' : headline(outcome.complaint)}`,
  );
}

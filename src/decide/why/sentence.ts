import type { BuildStatus } from '../../model/build.js';
import type { Decision, Reason } from '../../model/decision.js';
import { packagingPattern, everyPathPattern } from '../regions.js';
import { short } from '../verdict.js';

export interface SentenceFacts {
  readonly decision: Pick<Decision, 'service' | 'decision' | 'reason' | 'head'>;
  /** Of the build that was decided on. Null: it is not kept, or there is none. */
  readonly status: BuildStatus | null;
  /** The base images whose builds led to it, the first one first. */
  readonly chain: readonly { readonly service: string; readonly tag: string | null }[];
}

/** What became of a commit and why, in one sentence. Pure. */
export function sentenceOf({ decision, status, chain }: SentenceFacts): string {
  const { service, head, reason } = decision;
  const at = head === null ? '' : ` at ${short(head)}`;
  const because = `because ${chain.length > 0 ? fromBases(service, chain) : clauseOf(reason)}.`;
  if (decision.decision === 'skip') return `Nothing was built for ${service}${at}, ${because}`;
  const [verb, end] = verbs[status ?? 'succeeded'];
  return `${service} ${verb}${at}${end}, ${because}`;
}

const verbs: Readonly<Record<BuildStatus, readonly [verb: string, end: string]>> = {
  queued: ['will be built', ''],
  running: ['is being built', ''],
  succeeded: ['was built', ''],
  failed: ['was to be built', ' and failed'],
  canceled: ['was to be built', ' and was canceled'],
  superseded: ['was to be built', ' and was overtaken'],
};

function fromBases(service: string, chain: SentenceFacts['chain']): string {
  const last = chain.at(-1);
  const got = `its base ${last?.service} got ${last?.tag ?? 'a newer image'}`;
  if (chain.length < 2) return got;
  return `${got} (chain: ${[...chain.map((link) => link.service), service].join(' → ')})`;
}

function clauseOf(reason: Reason): string {
  switch (reason.code) {
    case 'included-path-changed':
      return includedClause(reason);
    case 'only-excluded-paths-changed':
      return `the ${pathsThat(reason)} excluded`;
    case 'no-included-path-changed':
      return `the ${pathsThat(reason)} not of this service`;
    case 'only-run-file-changed':
      return runFileClause(reason);
    case 'forced':
      return withoutStop(reason.message);
    default:
      return beginningSmall(withoutStop(reason.message));
  }
}

function includedClause({ message, paths, patterns }: Reason): string {
  const all = countOf({ message, paths });
  const [path = 'a path'] = paths;
  const [pattern = ''] = patterns;
  const more = all > 1 ? ` (and ${all - 1} more)` : '';
  if (patterns.length > 1) return `${path}${more} changed, which the service includes`;
  const verb = all > 1 ? 'are' : 'is';
  if (pattern === packagingPattern) return `${path}${more} ${verb} packaging of the service`;
  if (pattern === everyPathPattern || pattern === '') return `${path}${more} changed, and every path counts`;
  return `${path}${more} ${all > 1 ? 'match' : 'matches'} ${pattern}`;
}

/** The message names the paths after a colon, or none where the file came from elsewhere. */
function runFileClause({ message, paths }: Reason): string {
  if (paths.length === 0) return 'only the run file in force changed, and no image is made of it';
  const all = countOf({ message, paths });
  const [which, them, more] =
    all === 1 ? ['a run file', 'it', ''] : [`${all} run files`, 'them', ` and ${all - 1} more`];
  return `only ${which} changed, and no image is made of ${them}: ${paths[0]}${more}`;
}

/** `one path that changed is`, `3 paths that changed are`. */
function pathsThat(reason: Reason): string {
  const all = countOf(reason);
  return all === 1 ? 'one path that changed is' : `${all} paths that changed are`;
}

/** A reason lists the first paths alone; its message begins with the number of all. */
const countOf = ({ message, paths }: Pick<Reason, 'message' | 'paths'>): number =>
  Number(/^\d+/.exec(message)?.[0] ?? Math.max(1, paths.length));

const withoutStop = (text: string): string => text.replace(/\.$/, '');

const beginningSmall = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);

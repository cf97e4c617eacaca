import { MAX_OUTCOMES, type BranchHistory } from './history.js';
import type { OverviewRow, OverviewState } from './contract.js';
import type { BuildInFlight } from '../../store/contract.js';

/** What a row is made of. */
export interface RowFacts {
  readonly name: string;
  readonly repository: string;
  readonly branch: string | null;
  readonly history: BranchHistory;
  /** The branch's builds that have not ended, the oldest first. */
  readonly inFlight: readonly BuildInFlight[];
  /** What the queued builds wait for, by their ids. */
  readonly waiting: ReadonlyMap<string, { readonly message: string }>;
  readonly drift: boolean;
}

/** Characters of a sentence: a list shows one line of it. */
const MAX_SENTENCE_CHARACTERS = 200;

/** A service as a list shows it. */
export function rowOf({ name, repository, branch, history, inFlight, waiting, drift }: RowFacts): OverviewRow {
  const { decision, image, expectedMs, outcomes } = history;
  const open = inFlight.find(({ status }) => status === 'running') ?? inFlight.at(-1) ?? null;
  const { state, sentence, buildId } = open === null ? rested(history) : going(open, waiting);
  return {
    ...{ name, repository, branch, head: decision?.head ?? null },
    ...imageFields(image),
    ...{ state, at: newest(history, inFlight), sentence: shortened(sentence), buildId },
    step: open?.step ?? null,
    startedAt: open?.startedAt ?? null,
    ...{ expectedMs, outcomes: outcomes.slice(-MAX_OUTCOMES), drift },
  };
}

const imageFields = (image: BranchHistory['image']) =>
  image === null
    ? { commit: null, tag: null, digest: null }
    : { commit: image.commit, tag: image.tags[0] ?? null, digest: image.digest };

/** When something last happened. */
function newest({ at, decision }: BranchHistory, inFlight: readonly BuildInFlight[]): number | null {
  const times = [at, decision?.at, ...inFlight.flatMap((build) => [build.queuedAt, build.startedAt])];
  const known = times.filter((time): time is number => typeof time === 'number');
  return known.length === 0 ? null : Math.max(...known);
}

interface Said {
  readonly state: OverviewState;
  readonly sentence: string;
  readonly buildId: string | null;
}

/** A queued build says why it waits, or why it is built if it may begin. */
function going({ id, status, reason }: BuildInFlight, waiting: RowFacts['waiting']): Said {
  const sentence = status === 'queued' ? (waiting.get(id)?.message ?? reason) : reason;
  return { state: status, sentence, buildId: id };
}

/** Nothing is queued or running. A failure stays until something is built. */
function rested({ last, decision }: BranchHistory): Said {
  if (last?.status === 'failed') return { state: 'failed', sentence: failureOf(last.error), buildId: last.id };
  const isNewer = decision !== null && (last === null || decision.at >= last.queuedAt);
  if (decision?.decision === 'skip' && isNewer) {
    const state = decision.code === 'waiting-for-artifact' ? 'waits-for-artifact' : 'skipped';
    return { state, sentence: decision.reason, buildId: null };
  }
  if (last === null) return { state: 'none', sentence: 'Nothing has been built yet.', buildId: null };
  const { id: buildId, status, outcome, reason } = last;
  if (status === 'succeeded') return { state: outcome ?? 'built', sentence: reason, buildId };
  const sentence = status === 'canceled' ? 'The last build was canceled.' : 'The last build was overtaken.';
  return { state: status, sentence, buildId };
}

type Failure = NonNullable<BranchHistory['last']>['error'];

function failureOf(error: Failure): string {
  if (error === null) return 'The last build failed.';
  const message = error.message.split('\n', 1)[0] ?? '';
  return error.step === null ? message : `Failed at ${error.step}: ${message}`;
}

function shortened(sentence: string): string {
  const characters = sentence.slice(0, MAX_SENTENCE_CHARACTERS + 1);
  return characters.length <= MAX_SENTENCE_CHARACTERS
    ? sentence
    : `${characters.slice(0, MAX_SENTENCE_CHARACTERS - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

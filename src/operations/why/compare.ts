import { applicationPackaging } from '../../decide/gather.js';
import { openPackaging } from '../../decide/packaging-reader.js';
import { classify, prepared } from '../../decide/regions.js';
import type { ClassifiedPaths } from '../../decide/facts.js';
import { countOfPaths, isAsDecided, pathReasons, type PathReason } from '../../decide/why/path-reasons.js';
import { SlipwayError } from '../../errors.js';
import { isTag } from '../../git-ref.js';
import type { Build } from '../../model/build.js';
import type { RecordedDecision } from '../../model/decision.js';
import type { Service } from '../../model/service.js';
import type { DecideDeps } from '../../decide/deps.js';
import type { WhyAnswer } from './contract.js';
import { compareUrl, type WebSettings } from './web-address.js';

/** Builds of the base that are looked through. */
const MAX_BUILDS = 50;

/** Paths that an answer lists. */
const MAX_LISTED_PATHS = 50;

export interface CompareDeps extends DecideDeps {
  readonly github: () => WebSettings;
}

export type Comparison = Pick<WhyAnswer, 'compared' | 'paths' | 'asDecided'>;

/** What lies between base and head of a decision. Once git has them no more, it is what the decision itself recorded. */
export async function compare(service: Service, decision: RecordedDecision, deps: CompareDeps): Promise<Comparison> {
  const { base, head, branch } = decision;
  // A git tag is compared with the image tag alone.
  if (base === null || head === null || isTag(branch)) return { compared: null, paths: [], asDecided: true };
  const built = await builtBefore(decision, base, deps.store);
  const ends = {
    ...{ base, baseTag: built?.image?.tags[0] ?? null, head },
    url: compareUrl(deps.github(), service.repository, { base, head }),
  };
  const classified = await unlessRefused(() => sorted(service, { base, head, branch }, deps));
  if (classified === null) {
    const paths = recordedPaths(decision);
    return { compared: { ...ends, paths: paths.length }, paths, asDecided: true };
  }
  return {
    compared: { ...ends, paths: countOfPaths(classified) },
    paths: pathReasons(classified, service, MAX_LISTED_PATHS),
    asDecided: isAsDecided(decision, classified),
  };
}

/** The newest build of the base that was over when it was decided: later ones came of the decision, or of other causes. */
async function builtBefore(
  { service, at, buildId }: RecordedDecision,
  commit: string,
  store: DecideDeps['store'],
): Promise<Build | null> {
  const query = { service, commit, status: 'succeeded', limit: MAX_BUILDS, cursor: null } as const;
  const { items } = await store.builds.page(query);
  return items.find(({ id, finishedAt }) => id !== buildId && finishedAt !== null && finishedAt <= at) ?? null;
}

async function sorted(
  service: Service,
  { base, head, branch }: { readonly base: string; readonly head: string; readonly branch: string },
  deps: CompareDeps,
): Promise<ClassifiedPaths | null> {
  const { remote, history } = deps.git.mirror(service.repository);
  await remote.fetch([base, head]);
  if (!(await history.has(base)) || !(await history.has(head))) return null;
  const reader = await openPackaging(deps);
  const [now, before] = [await reader.at(service, head, branch), await reader.at(service, base, branch)];
  const { changed } = await reader.differences(service).between(base, head);
  const own = applicationPackaging(before.key, now, before);
  const paths = await prepared(changed, now.regions, own, now.runFiles);
  return classify(paths, now.regions, own, now.runFiles, MAX_LISTED_PATHS);
}

/** Null if git, the central dockerfiles or a Dockerfile refuse: a page about the past does without them. */
export async function unlessRefused<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SlipwayError && error.code !== 'internal') return null;
    throw error;
  }
}

/** Which of several patterns caught a path is not recorded. */
function recordedPaths({ reason }: RecordedDecision): readonly PathReason[] {
  const { code, paths, patterns } = reason;
  const [only = null] = patterns.length === 1 ? patterns : [];
  const kinds = {
    'included-path-changed': 'included',
    'only-excluded-paths-changed': 'excluded',
    'only-run-file-changed': 'run-file',
  } as const;
  const kind = code in kinds ? kinds[code as keyof typeof kinds] : 'outside';
  return paths.map((path) => ({ path, counts: kind === 'included', kind, by: only, setting: null }));
}

import { SlipwayError } from '../errors.js';
import { branchRef } from '../git-ref.js';
import type { CommitInfo, Mirror } from '../git/contract.js';
import type { Decision } from '../model/decision.js';
import type { Service } from '../model/service.js';
import type { QueueDeps } from '../queue/deps.js';
import { evaluateHypothetically } from '../decide/evaluate.js';
import { openPackaging } from '../decide/packaging-reader.js';
import { servicesOf, tipOf } from './plan.js';
import { resolveCommit } from './revision.js';

export interface RangeCall {
  readonly repository: string;
  readonly branch: string;
  /** `A..B`, commit ids. Without B: the tip of the branch. A counts as built. */
  readonly range: string;
}

export interface PlannedCommit {
  readonly commit: string;
  /** First line of its message. */
  readonly subject: string;
  /** Committer time, milliseconds since the epoch. */
  readonly at: number;
  readonly decisions: readonly Decision[];
}

export interface RangePlan {
  /** Oldest first. */
  readonly commits: readonly PlannedCommit[];
  readonly totals: readonly { readonly service: string; readonly builds: number; readonly skips: number }[];
}

/**
 * What the present configuration would have decided for every former tip of the branch between A and B (first parents), if each was pushed
 * alone and every build succeeded: a service is compared with its last built commit. Fails with `unknown-repository`, `unknown-revision`,
 * `invalid-request` for an invalid range, `repository-too-large` for too many commits.
 */
export async function planRange(call: RangeCall, deps: QueueDeps): Promise<RangePlan> {
  const { branch } = call;
  const services = servicesOf(call.repository, deps);
  const mirror = deps.git.mirror(services[0].repository);
  const { from, to } = await endsOf(call, mirror);
  const between = await mirror.history.between(from, to, 'mainline');
  if (between.isCut)
    throw new SlipwayError('repository-too-large', `The range ${call.range} has more than ${between.length} commits.`);
  const history = [...between].reverse();
  const packaging = await openPackaging(deps);
  const builtAt = new Map<string, string>();
  const commits: PlannedCommit[] = [];
  for (const commit of history) {
    const decisions: Decision[] = [];
    for (const service of services) {
      const request = {
        service,
        ref: branchRef(branch),
        head: commit.sha,
        base: builtAt.get(service.name) ?? from,
        forced: null,
      };
      const { decision } = await evaluateHypothetically(request, packaging, deps);
      if (decision.decision === 'build') builtAt.set(service.name, commit.sha);
      decisions.push(decision);
    }
    commits.push({ commit: commit.sha, subject: subjectOf(commit), at: commit.time * 1000, decisions });
  }
  return { commits, totals: services.map((service) => totalsOf(service, commits)) };
}

async function endsOf({ repository, branch, range }: RangeCall, mirror: Mirror): Promise<{ from: string; to: string }> {
  const [from = '', to = '', ...more] = range.split('..');
  if (from === '' || more.length > 0 || !range.includes('..')) {
    throw new SlipwayError('invalid-request', `${JSON.stringify(range)} is not a range: write A..B or A..`);
  }
  const refs = await mirror.remote.refs();
  await mirror.remote.fetch([...refs.heads.values()]);
  return {
    from: await resolveCommit(from, repository, mirror),
    to: to === '' ? tipOf(branch, repository, refs) : await resolveCommit(to, repository, mirror),
  };
}

const subjectOf = ({ message }: CommitInfo): string => message.split('\n', 1)[0] ?? '';

function totalsOf({ name }: Service, commits: readonly PlannedCommit[]) {
  const own = commits.flatMap(({ decisions }) => decisions.filter(({ service }) => service === name));
  const builds = own.filter(({ decision }) => decision === 'build').length;
  return { service: name, builds, skips: own.length - builds };
}

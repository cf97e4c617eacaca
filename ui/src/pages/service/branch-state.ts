import type { Decision, Service } from '../../api/types.js';
import { stateOfDecision, whyOf } from '../../parts/decided.js';
import type { StateName } from '../../parts/state.js';

export type Branch = Service['branches'][number];

export interface BranchState {
  readonly state: StateName;
  /** Instead of the usual word of the state. */
  readonly word: string | null;
  /** Where it is explained. */
  readonly href: string | null;
}

/** How a branch stands: the build that is under way or was of its head, or else what was decided on its head. Null decisions: not read yet. */
export function stateOfBranch(
  service: string,
  branch: Branch,
  decisions: readonly Decision[] | null,
  stateOfBuild: (build: NonNullable<Branch['lastBuild']>) => StateName,
): BranchState {
  const { head, lastBuild } = branch;
  if (lastBuild !== null && (lastBuild.finishedAt === null || lastBuild.commit === head))
    return { state: stateOfBuild(lastBuild), word: null, href: `/builds/${encodeURIComponent(lastBuild.id)}` };
  const decided = decisions?.find((one) => one.branch === branch.branch && one.head === head);
  const href = whyOf(decided ?? { service, head, branch: branch.branch });
  if (decided) return { state: stateOfDecision(decided), word: null, href };
  if (lastBuild === null && decisions !== null) return { state: 'none', word: null, href: null };
  return { state: 'skipped', word: 'not built', href };
}

/** `name:tag@sha256…`: what a run file or `docker pull` takes. */
export function fullName({ repository, tags, digest }: NonNullable<Branch['image']>): string {
  const [tag] = tags;
  return `${repository}${tag === undefined ? '' : `:${tag}`}@${digest}`;
}

/** Branches before git tags, each by name; the newest tags first. */
export function ordered(branches: readonly Branch[]): readonly Branch[] {
  const isTag = ({ branch }: Branch) => branch.startsWith('refs/tags/');
  const compare = new Intl.Collator('en', { numeric: true }).compare;
  const names = branches.filter((one) => !isTag(one)).sort((a, b) => compare(a.branch, b.branch));
  const tags = branches.filter(isTag).sort((a, b) => compare(b.branch, a.branch));
  return [...names, ...tags];
}

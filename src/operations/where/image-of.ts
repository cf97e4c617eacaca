import type { WhereFacts } from '../../decide/where.js';
import type { WhereDeps } from './deps.js';
import type { Made } from './includes.js';

/** Releases that are looked at for one that has the commit although nothing was decided about it. */
const RECENT_RELEASES = 20;

type Image = WhereFacts['image'];

/** Whether an image covers a commit, and if not, why. */
export async function imageOf(
  service: string,
  commit: string,
  includes: (made: Made) => Promise<boolean>,
  { store }: WhereDeps,
): Promise<Image> {
  if ((await store.releases.coveringStart(service, commit)).size > 0) return { kind: 'covered' };
  const { items } = await store.releases.page({ service, limit: RECENT_RELEASES, cursor: null });
  const newest = items.filter(({ branch }, at) => items.findIndex((one) => one.branch === branch) === at);
  for (const release of newest) if (await includes(release)) return { kind: 'covered' };
  return whyNone(service, commit, { store });
}

async function whyNone(service: string, commit: string, { store }: Pick<WhereDeps, 'store'>): Promise<Image> {
  const decision = await store.decisions.covering(service, commit);
  const [own] = (await store.builds.page({ service, commit, limit: 1, cursor: null })).items;
  const decided = decision?.buildId ?? null;
  const build = own ?? (decided === null ? null : await store.builds.get(decided));
  if (build?.status === 'succeeded') return { kind: 'covered' };
  if (build?.status === 'failed')
    return { kind: 'build-failed', message: `Build ${build.id} failed: ${build.error?.message ?? 'nobody knows why'}` };
  if (build !== null) return { kind: 'not-built', message: `Build ${build.id} is ${build.status}.` };
  if (decision?.decision === 'skip')
    return { kind: 'build-skipped', message: `No image covers it: ${decision.reason.message}` };
  return { kind: 'not-built', message: 'Nothing was decided for this commit.' };
}

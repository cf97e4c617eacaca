import { ChangedPaths } from '../../decide/changed-paths.js';
import { openPackaging, type PackagingFacts } from '../../decide/packaging-reader.js';
import { classify, prepared } from '../../decide/regions.js';
import { pathReasons, wouldCount } from '../../decide/why/path-reasons.js';
import { repositoryPath } from '../../config/repository-path.js';
import { SlipwayError } from '../../errors.js';
import type { Service } from '../../model/service.js';
import type { DecideDeps } from '../../decide/deps.js';
import { mainBranch } from '../main-branch.js';
import { unlessRefused } from './compare.js';
import type { PathAnswer, PathCall } from './contract.js';

/** Whether a change of the path would count now, by the configuration and the packaging in force. */
export async function tryPath({ service, path: named }: PathCall, deps: DecideDeps): Promise<PathAnswer> {
  const path = repositoryPath(named);
  if (path === null || path === '')
    throw new SlipwayError('invalid-request', `${JSON.stringify(named)} is no path of a file in a repository.`);
  const found = await unlessRefused(() => packagingInForce(service, deps));
  const { regions, own, runFiles } = found?.packaging ?? written(service);
  const changed = await prepared(await ChangedPaths.of([path]), regions, own, runFiles);
  const [reason] = pathReasons(classify(changed, regions, own, runFiles), service, 1);
  if (reason === undefined) throw new SlipwayError('internal', 'A path belongs to no kind.');
  return { ...reason, path, why: wouldCount(reason), commit: found?.commit ?? null };
}

/** The packaging at the newest head of the main branch that was decided on. */
async function packagingInForce(service: Service, deps: DecideDeps) {
  const { remote, history } = deps.git.mirror(service.repository);
  const branch = mainBranch(service, remote.shown());
  const newest = branch === null ? null : await deps.store.decisions.newest(service.name, branch);
  const commit = newest?.head ?? null;
  if (branch === null || commit === null) return null;
  await remote.fetch([commit]);
  if (!(await history.has(commit))) return null;
  const reader = await openPackaging(deps);
  return { commit, packaging: await reader.at(service, commit, branch) };
}

/** What the configuration says alone. `includedRegions: auto` says nothing without a Dockerfile. */
function written({ name, regions, autoRegions }: Service): Pick<PackagingFacts, 'regions' | 'own' | 'runFiles'> {
  if (!autoRegions) return { regions, own: [], runFiles: [] };
  throw new SlipwayError(
    'unknown-decision',
    `The regions of ${name} follow from its Dockerfile, and no commit of it that was decided on can be read.`,
  );
}

import type { GitHost } from '../git/contract.js';
import type { Artifact } from '../model/artifact.js';
import type { Service } from '../model/service.js';
import type { Store } from '../store/contract.js';

export interface ArtifactDeps {
  readonly store: Pick<Store, 'artifacts'>;
  readonly git: Pick<GitHost, 'mirror'>;
}

/**
 * The artifacts that count for a commit: that of the commit itself, else that of its nearest ancestor which has one. Whatever branch they
 * came for, and in whatever order: that only decides between artifacts of one commit, of which the last counts. Several only if merged
 * lines of history have each their own. Empty if the service takes none. Fails as `History` does.
 */
export async function artifactsFor(
  service: Service,
  commit: string,
  { store: { artifacts }, git }: ArtifactDeps,
): Promise<readonly Artifact[]> {
  if (service.artifact === null) return [];
  const own = await artifacts.ofCommit(service.name, commit);
  if (own !== null) return [own];
  const { history } = git.mirror(service.repository);
  const nearest = await history.nearest(commit, await artifacts.commits(service.name));
  const found = await Promise.all(nearest.map((id) => artifacts.ofCommit(service.name, id)));
  return found.filter((artifact) => artifact !== null);
}

import type { Deployment } from '../../model/deployment.js';

/** Whether something else runs after a deployment than before. The other kinds are about what is desired already. */
export const replacesRelease = ({ kind }: Pick<Deployment, 'kind'>): boolean =>
  kind === 'deployment' || kind === 'rollback' || kind === 'adopt';

import type { Desired } from '../model/deployment.js';

/** What is asked of a container of ours. */
interface Made {
  readonly deployment: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/**
 * Whether the database knows why a container is there: it has the container's deployment, or something newer than the container is desired.
 * Then the deployment was forgotten with time, or somebody adopted the container. A container that is newer than all that is desired comes
 * from deployments that a restored database has lost. Fails as `isStored`.
 */
export const isKnownContainer = async (
  { deployment, createdAt }: Made,
  desired: Pick<Desired, 'since'> | null,
  isStored: (deployment: string) => Promise<boolean>,
): Promise<boolean> => (desired !== null && createdAt <= desired.since) || isStored(deployment);

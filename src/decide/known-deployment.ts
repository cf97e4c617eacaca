import type { Desired } from '../model/deployment.js';

/** What is asked of a container of ours. */
interface Made {
  readonly deployment: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly host: string;
}

/**
 * Whether the database knows why a container is there: it has the container's deployment, or its host was seen when something newer than the
 * container became desired. Then the deployment was forgotten with time, or somebody adopted the container. A container that is newer than
 * that comes from deployments that a restored database has lost. Fails as `isStored`.
 */
export const isKnownContainer = async (
  { deployment, createdAt, host }: Made,
  desired: Pick<Desired, 'since' | 'seenUntil'> | null,
  isStored: (deployment: string) => Promise<boolean>,
): Promise<boolean> =>
  (desired !== null && createdAt <= (desired.seenUntil?.[host] ?? desired.since)) || isStored(deployment);

import type { Deployment, DeploymentError, NewDeployment } from '../model/deployment.js';

/** How far a service in an environment has followed its branch. */
export interface FollowMark {
  readonly environment: string;
  readonly service: string;
  /** Null: it follows none at present. */
  readonly branch: string | null;
  /** Releases up to this number are settled there: asked for, or left out for good. 0: none is. */
  readonly number: number;
}

/** What may be asked for, and when. */
export interface FollowRequest {
  readonly deployment: NewDeployment;
  readonly mark: FollowMark;
  /** Nothing is stored unless this deployment is the newest of the pair. Null: there is none. */
  readonly newest: string | null;
  /** Why it cannot be deployed: it is stored as failed, and supersedes nothing. */
  readonly error: DeploymentError | null;
}

/** What environments that follow a branch have settled. It survives restarts and retention, so nothing is asked for twice. */
export interface Follows {
  all(): Promise<readonly FollowMark[]>;
  /** The numbers of the newest releases of heads of the branch, by service. `verifiedIn`: only those verified there and not blocked. */
  newest(branch: string, services: readonly string[], verifiedIn: string | null): Promise<ReadonlyMap<string, number>>;
  /** Settles releases without a deployment. The number of a pair never falls. */
  note(mark: FollowMark): Promise<void>;
  /**
   * Stores a deployment as `Deployments.add` does, together with the mark that settles its release. Null: it is settled already, or
   * something was asked for in the meantime.
   */
  ask(
    request: FollowRequest,
    now: number,
  ): Promise<{ readonly deployment: Deployment; readonly superseded: readonly string[] } | null>;
}

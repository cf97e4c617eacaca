import type { ContainerIdentity } from '../container-labels.js';
import type { BoundPort, ContainerState, ContainerStatus } from './container.js';

/** A field in which a container is not as it should be. Null: not set, or not there. Secrets are not in it. */
export interface Drift {
  /** As run files name it, such as `mem_limit` or `environment.DB_HOST`; `image`, `state`, `unknown-deployment` or `does-not-stay-up`. */
  readonly field: string;
  readonly wanted: string | null;
  readonly found: string | null;
}

/** What the labels of an image say it was made from. */
export interface ImageOrigin {
  readonly commit: string;
  /** Branch name, or `refs/tags/NAME`. */
  readonly branch: string;
  /** Its version tag. Null: it does not say. */
  readonly version: string | null;
}

/** A container of ours, by its seal, or because somebody took it. */
export interface OwnContainer extends ContainerIdentity {
  readonly id: string;
  readonly name: string;
  /** As it was named when the container was created. */
  readonly image: string;
  /** `name@sha256:…` of its image. Empty if the image is gone. */
  readonly digests: readonly string[];
  /** Null: it does not say. */
  readonly origin: ImageOrigin | null;
  readonly state: ContainerState;
  /** Empty unless it runs. */
  readonly ports: readonly BoundPort[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** False: the database does not know the deployment that made it. */
  readonly known: boolean;
  /** How image and settings differ from what was desired when it was seen. Null: nothing was, or the database was not there. */
  readonly compared: { readonly deploymentId: string; readonly drift: readonly Drift[] } | null;
}

/** What a container claims to be that we did not seal. */
export type Claim = Pick<OwnContainer, keyof ContainerIdentity | 'digests' | 'origin'>;

/** A container that is not ours in this environment. */
export interface ForeignContainer {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly state: ContainerStatus;
  readonly ports: readonly BoundPort[];
  /** It names our instance, and we did not seal it. */
  readonly claimsOurs: boolean;
  /** What it claims to be, if that is in this environment. It may be taken as that. */
  readonly claim?: Claim;
}

/** What a host was seen to run. */
export interface SeenContainers {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly own: readonly OwnContainer[];
  /** Those that hold ports of the host, or claim to be ours. At most 1,000. */
  readonly foreign: readonly ForeignContainer[];
}

/** What is known of a host. */
export interface HostObservation {
  readonly environment: string;
  readonly host: string;
  /** Null: nobody has asked it yet. */
  readonly reachable: boolean | null;
  /** Since when, in milliseconds since the epoch. */
  readonly since: number;
  /** Why it is not reachable. */
  readonly why: string | null;
  /** The newest that was seen, which holds only while the host is reachable. Null: nothing yet. */
  readonly seen: SeenContainers | null;
}

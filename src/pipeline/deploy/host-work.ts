import type { Host } from '../../hosts/contract.js';
import type { HostSettings } from '../../model/environment.js';
import type { DeployAttempt } from './attempt.js';
import type { DeployDeps } from './deps.js';
import type { ExpectedVersion } from './expected-version.js';
import type { Mask } from '../../mask.js';
import type { Side } from './side.js';

/** One host, while an attempt works on it. */
export interface HostWork {
  readonly host: Host;
  readonly settings: HostSettings;
  readonly attempt: DeployAttempt;
  readonly mask: Mask;
  readonly deps: DeployDeps;
  /** Ids of containers that this attempt has seen to do what they should. */
  readonly verified: Set<string>;
  /** Ids of containers that this attempt has started. */
  readonly started: Set<string>;
}

/** The side that a host is brought to, with what its containers have to answer. */
export interface Target extends Side {
  readonly expected: ExpectedVersion;
}

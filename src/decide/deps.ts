import type { Engine } from '../engine/contract.js';
import type { GitHost } from '../git/contract.js';
import type { Central } from '../image/packaging/central.js';
import type { Log } from '../log.js';
import type { Service } from '../model/service.js';
import type { Reading } from '../reading/reading.js';
import type { Store } from '../store/contract.js';

/** Functions return what a configuration reload may change. */
export interface DecideDeps {
  readonly store: Store;
  readonly git: GitHost;
  readonly engine: Engine;
  readonly reading: Reading;
  readonly log: Log;
  readonly services: () => ReadonlyMap<string, Service>;
  readonly central: () => Central;
  /** `host[:port]` of the registry. */
  readonly registryHost: string;
}

import type { QueueDeps } from '../../queue/deps.js';
import type { Registry } from '../../registry/contract.js';

export interface BuildDeps extends QueueDeps {
  readonly registry: Registry;
  /** Allowed frontend images. */
  readonly frontends: () => readonly string[];
  /** Address of a repository for people, for the label `org.opencontainers.image.source`. */
  readonly sourceUrl: (repository: string) => string;
  readonly dataDir: string;
}

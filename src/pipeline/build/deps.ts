import type { QueueDeps } from '../../queue/deps.js';
import type { Registry } from '../../registry/contract.js';

/** What turning a queued build into an image works with. */
export interface BuildDeps extends QueueDeps {
  readonly registry: Registry;
  /** Names of the frontend images that a Dockerfile may ask for. */
  readonly frontends: () => readonly string[];
  /** Address of a repository for people, as `org.opencontainers.image.source`. */
  readonly sourceUrl: (repository: string) => string;
  readonly dataDir: string;
}

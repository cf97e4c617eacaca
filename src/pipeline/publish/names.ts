import type { Registry } from '../../registry/contract.js';
import type { Tags } from '../../store/contract.js';

/** Tags are in the registry and, with their owners, in the store. */
export interface TagPlaces {
  readonly registry: Pick<Registry, 'host' | 'manifest' | 'tags' | 'putTag'>;
  readonly tags: Tags;
}

/** A branch or git tag and the image tag for it: its sanitised name. */
export interface NamedTag {
  readonly name: string;
  readonly wanted: string;
}

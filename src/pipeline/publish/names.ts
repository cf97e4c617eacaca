import type { Registry } from '../../registry/contract.js';
import type { Tags } from '../../store/contract.js';

/** Where tags live: in the registry, and, with their owners, in the store. */
export interface TagPlaces {
  readonly registry: Registry;
  readonly tags: Tags;
}

/** A branch or git tag with the image tag that it should get: its name, sanitised. */
export interface NamedTag {
  readonly name: string;
  readonly wanted: string;
}

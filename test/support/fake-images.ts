import { createHash } from 'node:crypto';
import { SlipwayError } from '../../src/errors.js';
import { isSha256Digest, parseReference } from '../../src/image-reference.js';
import type { HostImage } from '../../src/hosts/contract.js';
import { faultOf } from '../../src/hosts/messages/faults.js';
import type { ImageConfig } from './engine-fill.js';

export interface StoredImage {
  readonly id: string;
  readonly config: ImageConfig;
  readonly digests: readonly string[];
}

type Login = readonly [string, string];

/** The images of a fake host, and those that registries offer to it. */
export class FakeImages {
  readonly #offered = new Map<string, { readonly image: StoredImage; readonly login: Login | null }>();
  readonly #names = new Map<string, StoredImage>();

  constructor(private readonly host: string) {}

  offer(reference: string, config: ImageConfig, login: Login | null = null): void {
    const id = `sha256:${createHash('sha256').update(reference).digest('hex')}`;
    this.#offered.set(reference, { image: { id, config, digests: [reference] }, login });
  }

  pull(reference: string, login: Login | null): void {
    if ((parseReference(reference)?.digest ?? null) === null)
      throw new SlipwayError('internal', `“${reference}” has no digest to pull.`);
    const found = this.#offered.get(reference);
    if (found === undefined) throw faultOf(this.host, 'registry-refused', `manifest unknown: ${reference}`);
    if (found.login !== null && JSON.stringify(found.login) !== JSON.stringify(login))
      throw faultOf(this.host, 'registry-unauthorized', 'no basic auth credentials');
    this.#names.set(reference, found.image);
  }

  tag(reference: string, name: string): void {
    const image = this.find(reference);
    if (image === null) throw faultOf(this.host, 'image-pull-failed', `the image ${reference} is not there`);
    if (parseReference(name) === null) throw new SlipwayError('internal', `“${name}” is not a valid image reference.`);
    this.#names.set(name, image);
  }

  find(reference: string): StoredImage | null {
    if (isSha256Digest(reference)) return [...this.#names.values()].find(({ id }) => id === reference) ?? null;
    return this.#names.get(reference) ?? null;
  }

  found(reference: string): HostImage | null {
    const image = this.find(reference);
    if (image === null) return null;
    const { id, digests, config } = image;
    return { id, digests, volumes: Object.keys(config.Volumes ?? {}).sort(), entrypoint: config.Entrypoint ?? null };
  }

  /** Whether it is the last name of its image. */
  isLast(name: string): boolean {
    const image = this.find(name);
    return [...this.#names].every(([other, { id }]) => other === name || id !== image?.id);
  }

  remove(name: string): void {
    this.#names.delete(name);
  }
}

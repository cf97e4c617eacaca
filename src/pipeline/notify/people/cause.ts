import type { Build } from '../../../model/build.js';

/** What a build goes back to. Builds of one cause are one message. */
export interface Cause {
  /** Equal for builds of one cause. */
  readonly key: string;
  readonly kind: 'push' | 'base-image' | 'other';
  /** As the end of a sentence: `after a push to abc/shop`. */
  readonly words: string;
  readonly deliveryId: string | null;
  /** For `base-image`: the build of the first base image that changed. */
  readonly buildId: string | null;
}

/** The first link of the chain of base images that led to a build. Null: no base image did, or it is not known any more. */
export type FindRoot = (build: Build) => Promise<{
  readonly service: string;
  readonly tag: string | null;
  readonly buildId: string;
} | null>;

/** Fails as the store does. */
export async function causeOf(build: Build, findRoot: FindRoot): Promise<Cause> {
  const root = build.trigger.kind === 'base-image' ? await findRoot(build) : null;
  if (root !== null) {
    const words = `after ${root.service} got ${root.tag ?? 'a new image'}`;
    return { key: `base ${root.buildId}`, kind: 'base-image', words, deliveryId: null, buildId: root.buildId };
  }
  const { kind, deliveryId, by } = build.trigger;
  if (kind === 'push' && deliveryId !== null) {
    const words = `after a push to ${build.repository} ${build.branch}${by === null ? '' : ` by ${by}`}`;
    return { key: `push ${deliveryId}`, kind: 'push', words, deliveryId, buildId: null };
  }
  const words = `asked for by ${by ?? 'Slipway'} (${kind})`;
  return { key: `build ${build.id}`, kind: 'other', words, deliveryId, buildId: null };
}

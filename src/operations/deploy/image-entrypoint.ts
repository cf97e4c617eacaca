import type { Clock } from '../../clock.js';
import { isSha256Digest, parseReference } from '../../image-reference.js';
import { Recent } from '../../recent.js';
import type { ImageConfig, Registry } from '../../registry/contract.js';

/**
 * The entrypoint of an image, named by its digest, as the registry has it. Null: nobody can tell in time, as of an index, of an image of
 * another registry, or while the registry is away. Never fails, and takes two seconds at most.
 */
export type ImageEntrypoint = (image: string) => Promise<ImageConfig | null>;

const MAX_WAIT_MS = 2_000;
/** Images that are asked for at the same time. No more than these wait for a registry that does not answer. */
const MAX_ASKING = 64;
const kept = { entries: 1_000, weight: 1 << 20 };

interface Deps {
  readonly registry: Pick<Registry, 'host' | 'manifest' | 'config'>;
  readonly clock: Pick<Clock, 'sleep'>;
}

/** Remembers what it has heard: an image never changes. What comes too late counts the next time. */
export function createImageEntrypoint({ registry, clock }: Deps): ImageEntrypoint {
  const known = new Recent<ImageConfig>(kept);
  const asking = new Map<string, Promise<ImageConfig | null>>();
  const ask = async (image: string): Promise<ImageConfig | null> => {
    try {
      const reference = parseReference(image);
      const [name, digest] = [reference?.name ?? '', reference?.digest ?? ''];
      if (!name.startsWith(`${registry.host}/`) || !isSha256Digest(digest)) return null;
      const repository = name.slice(registry.host.length + 1);
      const configDigest = (await registry.manifest(repository, digest))?.configDigest ?? null;
      const config = configDigest === null ? null : await registry.config(repository, configDigest);
      if (config !== null) known.add(image, config, image.length + JSON.stringify(config).length);
      return config;
    } catch {
      return null;
    }
  };
  const begin = (image: string): Promise<ImageConfig | null> => {
    const answer = ask(image).finally(() => asking.delete(image));
    asking.set(image, answer);
    return answer;
  };
  return async (image) => {
    const found = known.get(image);
    if (found !== undefined) return found;
    if (!asking.has(image) && asking.size >= MAX_ASKING) return null;
    const answer = asking.get(image) ?? begin(image);
    const over = new AbortController();
    try {
      return await Promise.race([answer, clock.sleep(MAX_WAIT_MS, over.signal).then(() => null)]);
    } finally {
      over.abort();
    }
  };
}

import type { Store } from './contract.js';

/**
 * A store that answers a write only once it is on the disk, so that a power cut loses nothing that others were told or act on. Left out
 * are a build's log, its steps and its progress, leases, and looks that are done: what is lost of those is done or told again.
 */
export function onDisk(store: Store, settled: () => Promise<void>): Store {
  const kept =
    <Arguments extends unknown[], Answer>(write: (...given: Arguments) => Promise<Answer>) =>
    async (...given: Arguments): Promise<Answer> => {
      const answer = await write(...given);
      await settled();
      return answer;
    };
  const { deliveries, looks, decisions, queue, artifacts, images, tags, housekeeping } = store;
  return {
    ...store,
    deliveries: { ...deliveries, accept: kept(deliveries.accept) },
    looks: { ...looks, add: kept(looks.add) },
    decisions: { ...decisions, record: kept(decisions.record) },
    queue: { ...queue, finish: kept(queue.finish), putBack: kept(queue.putBack) },
    artifacts: { ...artifacts, add: kept(artifacts.add) },
    images: { ...images, add: kept(images.add) },
    tags: { ...tags, put: kept(tags.put), release: kept(tags.release) },
    housekeeping: { ...housekeeping, cancel: kept(housekeeping.cancel), once: kept(housekeeping.once) },
  };
}

import { createLabels, type Labels } from '../container-labels.js';
import type { Log } from '../log.js';
import type { Service } from '../model/service.js';
import type { Store } from '../store/contract.js';
import { createSharedLock } from '../shared-lock.js';
import { takeOverNames } from './former-names.js';
import { instanceKey } from './instance-key.js';

interface InstanceLabelsDeps {
  readonly instance: string;
  readonly dataDir: string;
  readonly services: () => ReadonlyMap<string, Service>;
  readonly store: Store;
  readonly log: Log;
}

/** The labels by which this instance knows its containers, also by former names of their services. */
export async function instanceLabels(deps: InstanceLabelsDeps) {
  const { instance, dataDir, services, store, log } = deps;
  const labels: Labels = createLabels(instance, await instanceKey(dataDir), await store.deployments.taken());
  /** Takes over what the configuration says now; see `takeOverNames`. */
  const names = createSharedLock();
  const takeOver = (services: ReadonlyMap<string, Service>) => takeOverNames(services, { store, labels, names, log });
  await takeOver(services());
  return { labels, names, takeOver };
}

import type { Announcement, Store } from '../../../store/contract.js';
import type { Change } from './receiver.js';

/** What changes are read from. */
export type ChangeStore = Pick<Store, 'builds' | 'deliveries' | 'decisions'> & {
  readonly deployments: Pick<Store['deployments'], 'get'>;
};

/** What an announcement is about, as the store has it now. Null: it is not kept any more. */
export async function changeOf({ kind, id }: Announcement, store: ChangeStore): Promise<Change | null> {
  switch (kind) {
    case 'build': {
      const build = await store.builds.get(id);
      return build && { kind, build };
    }
    case 'deployment': {
      const deployment = await store.deployments.get(id);
      return deployment && { kind, deployment };
    }
    case 'delivery': {
      const delivery = await store.deliveries.get(id);
      return delivery && { kind, delivery, decisions: await store.decisions.ofDelivery(id) };
    }
  }
}
